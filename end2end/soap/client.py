#!/usr/bin/python3
"""Asks the station everything the Nodo may ask, through the official WSDL, and compares each answer with what it must be.

    PAGOPA_SPECS=… PAGOPA_SAMPLES=… SPORTELLO_BIN=… end2end/soap/client.py

One line for each group with the number of answers compared; every difference on a line of its own, and exit status 1.
To add a group: a function that takes a `Run`, and a line in GROUPS. Needs Debian's python3-zeep.
"""

import csv
import decimal
import os
import pathlib
import sys
import traceback

from lxml import etree

from demo import demo
from station import PAFN, Station, envelope_of, outcome_of

VERIFY, GET, GET_V2 = "paVerifyPaymentNotice", "paGetPayment", "paGetPaymentV2"
FAULT_OF = {"PAGATA": "PAA_PAGAMENTO_DUPLICATO", "ANNULLATA": "PAA_PAGAMENTO_ANNULLATO", "SCADUTA": "PAA_PAGAMENTO_SCADUTO"}
# Written right (16 digits and their remainder by 93), and nobody's.
UNKNOWN = f"3010000000000001{3010000000000001 % 93:02}"


class Run:
    """One demo, one station, and the differences found so far."""

    def __init__(self, specs, samples, described):
        self.demo = described
        self.station = Station(specs, described["nodo"])
        self.sample = etree.parse(samples / "receipts" / "RECEIPT_VALID.xml").getroot() if samples else None
        with open(specs / "faults" / "faults_paa.csv", encoding="utf-8") as file:
            self.faults = {row["faultCode"]: row for row in csv.DictReader(file)}
        self.compared = 0
        self.differences = []

    def same(self, what, found, expected):
        self.compared += 1
        if found != expected:
            self.differences.append(f"{what}: {found!r} instead of {expected!r}")

    def routing(self, **other):
        ente = self.demo["ente"]["codice_fiscale"]
        return {"idPA": ente, "idBrokerPA": self.demo["intermediario"], "idStation": self.demo["stazione"]} | other

    def ask(self, operation, numero, ente=None, **other):
        qr = {"fiscalCode": ente or self.demo["ente"]["codice_fiscale"], "noticeNumber": numero}
        return self.station.call(operation, **self.routing(**other), qrCode=qr)

    def refused(self, what, operation, answer, code):
        """A KO with this code, its official text, and the ente as its author."""
        fault = answer.fault
        self.same(what, (answer.outcome, fault and fault.faultCode), ("KO", code))
        if fault:
            official = self.faults[code]
            self.same(f"{what}: text", fault.faultString, official["faultString"])
            letter = "V" if operation == VERIFY else "G"
            self.same(f"{what}: the Nodo takes it from {operation}", letter in official["allowed_verify_V_getPayment_G_sendRT_S_demand_D"], True)

    def open_notices(self, bollo=False):
        return [a for a in self.demo["avvisi"] if a["stato"] == "APERTA" and a["bollo"] == bollo]


def euro(cents):
    return decimal.Decimal(cents) / 100


def wire(cents):
    return f"{cents // 100}.{cents % 100:02}"


def verify_in_every_state(run):
    for avviso in run.demo["avvisi"]:
        what = f"verify {avviso['stato']} {avviso['numero']}"
        answer = run.ask(VERIFY, avviso["numero"])
        if avviso["stato"] != "APERTA":
            run.refused(what, VERIFY, answer, FAULT_OF[avviso["stato"]])
            continue
        run.same(what, answer.outcome, "OK")
        option = answer.paymentList.paymentOptionDescription
        run.same(f"{what}: amount", option.amount, euro(avviso["importo_cents"]))
        run.same(f"{what}: options", option.options, "EQ")
        run.same(f"{what}: description", answer.paymentDescription, avviso["causale"])
        run.same(f"{what}: ente", answer.fiscalCodePA, run.demo["ente"]["codice_fiscale"])
        run.same(f"{what}: name", answer.companyName, run.demo["ente"]["nome"])


def get_payment_in_every_state(run):
    for operation in (GET, GET_V2):
        for avviso in run.demo["avvisi"]:
            what = f"{operation} {avviso['stato']} {avviso['numero']}"
            answer = run.ask(operation, avviso["numero"])
            if avviso["stato"] != "APERTA":
                run.refused(what, operation, answer, FAULT_OF[avviso["stato"]])
            elif avviso["bollo"] and operation == GET:
                run.refused(what, operation, answer, "PAA_SEMANTICA")
            else:
                run.same(what, answer.outcome, "OK")
                compare_payment(run, what, avviso, answer.data)


def compare_payment(run, what, avviso, data):
    transfers = data.transferList.transfer
    run.same(f"{what}: IUV", data.creditorReferenceId, avviso["numero"][1:])
    run.same(f"{what}: amount", data.paymentAmount, euro(avviso["importo_cents"]))
    run.same(f"{what}: sum of the transfers", sum(t.transferAmount for t in transfers), data.paymentAmount)
    run.same(f"{what}: idTransfer", [int(t.idTransfer) for t in transfers], list(range(1, len(transfers) + 1)))
    run.same(f"{what}: description", data.description, avviso["causale"])
    debtor = data.debtor.uniqueIdentifier
    kind = "F" if len(avviso["codice_fiscale_debitore"]) == 16 else "G"
    found = (debtor.entityUniqueIdentifierType, debtor.entityUniqueIdentifierValue)
    run.same(f"{what}: debtor", found, (kind, avviso["codice_fiscale_debitore"]))
    stamps = [t for t in transfers if getattr(t, "richiestaMarcaDaBollo", None)]
    run.same(f"{what}: revenue stamps", len(stamps), int(avviso["bollo"]))


def routing_errors(run):
    numero = run.open_notices()[0]["numero"]
    other_ente = "90012340569"
    cases = [
        ("wrong station", {"idStation": "99999000013_99"}, "PAA_STAZIONE_INT_ERRATA"),
        ("wrong broker", {"idBrokerPA": "00743110157"}, "PAA_ID_INTERMEDIARIO_ERRATO"),
        ("ente of nobody", {"idPA": "00743110157", "ente": "00743110157"}, "PAA_ID_DOMINIO_ERRATO"),
        ("notice of another ente than the addressee", {"ente": other_ente}, "PAA_ID_DOMINIO_ERRATO"),
        ("another ente's number", {"idPA": other_ente, "ente": other_ente}, "PAA_PAGAMENTO_SCONOSCIUTO"),
    ]
    for operation in (VERIFY, GET, GET_V2):
        for what, changes, code in cases:
            run.refused(f"{operation}, {what}", operation, run.ask(operation, numero, **changes), code)
        run.refused(f"{operation}, unknown number", operation, run.ask(operation, UNKNOWN), "PAA_PAGAMENTO_SCONOSCIUTO")


def get_payment_variants(run):
    """What else a PSP may say when it asks: it changes the accounts, never the amount."""
    avviso = run.open_notices()[0]
    for operation in (GET, GET_V2):
        for other in ({"amount": "1.00"}, {"paymentNote": "nota"}, {"dueDate": "2030-01-01"}, {"transferType": "POSTAL"}, {"transferType": "PAGOPA"}):
            answer = run.ask(operation, avviso["numero"], **other)
            run.same(f"{operation} with {other}", answer.outcome, "OK")
            compare_payment(run, f"{operation} with {other}", avviso, answer.data)
    postal = run.ask(GET_V2, avviso["numero"], transferType="POSTAL").data.transferList.transfer[0].IBAN
    run.same("POSTAL: the account of Poste (ABI 07601)", postal[5:10], "07601")


def malformed_requests(run):
    right = run.station.request(VERIFY, **run.routing(), qrCode={"fiscalCode": run.demo["ente"]["codice_fiscale"], "noticeNumber": UNKNOWN})
    text = right.decode()
    not_soap = {
        "nothing": b"",
        "no XML": b"ciao",
        "truncated": right[: len(right) // 2],
        "DOCTYPE": text.replace("?>", '?><!DOCTYPE x [<!ENTITY a "b">]>', 1).encode(),
        "external entity": text.replace("?>", '?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>', 1).replace(UNKNOWN, "&a;").encode(),
        "another encoding": text.replace("UTF-8", "UTF-16", 1).encode(),
        "an operation of nobody": text.replace("paVerifyPaymentNoticeReq", "paInventataReq").encode(),
        "an envelope of SOAP 1.2": text.replace("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope").encode(),
    }
    for what, body in not_soap.items():
        run.same(f"{what}: HTTP", run.station.post(body, "paVerifyPaymentNotice")[0], 400)
    station = run.demo["stazione"]
    invalid = {
        "an element too few": text.replace(f"<idStation>{station}</idStation>", ""),
        "an element too many": text.replace("<idStation>", "<extra/><idStation>"),
        "elements in another order": text.replace(f"<idStation>{station}</idStation>", "").replace("<idPA>", f"<idStation>{station}</idStation><idPA>"),
        "a number with a letter": text.replace(UNKNOWN, "3010000000000001A3"),
        "a number too short": text.replace(UNKNOWN, UNKNOWN[:-1]),
        "a text longer than 35": text.replace(f"<idStation>{station}", f"<idStation>{'9' * 36}"),
    }
    for what, body in invalid.items():
        run.same(f"{what}: the request is another", body != text, True)
        answer = run.station.post_valid(body.encode(), "paVerifyPaymentNotice")
        run.same(what, outcome_of(answer), ("KO", "PAA_SINTASSI_EXTRAXSD"))
    status, _ = run.station.post(b" " * (1024 * 1024 + 1), "paSendRTV2")
    run.same("a body of more than 1 MiB: HTTP", status, 413)


def soap_actions(run):
    """The Body says what is asked; SOAPAction may be anything."""
    numero = run.open_notices()[0]["numero"]
    request = run.station.request(VERIFY, **run.routing(), qrCode={"fiscalCode": run.demo["ente"]["codice_fiscale"], "noticeNumber": numero})
    for action in ('"paVerifyPaymentNotice"', "paVerifyPaymentNotice", None, '""', "paSendRT"):
        run.same(f"SOAPAction {action}", outcome_of(run.station.post_valid(request, action)), ("OK", None))


def receipt(run, avviso, data, version):
    """The receipt of a payment, from what getPayment answered. Version 2 has a stamp's paper in place of an account."""
    transfers = []
    for t in data.transferList.transfer:
        transfer = {"idTransfer": t.idTransfer, "transferAmount": wire(int(t.transferAmount * 100)), "fiscalCodePA": t.fiscalCodePA}
        if version == 2:
            transfer["companyName"] = t.companyName
        if t.IBAN:
            transfer["IBAN"] = t.IBAN
        else:
            transfer["MBDAttachment"] = b"<marcaDaBollo/>"
        transfers.append(transfer | {"remittanceInformation": t.remittanceInformation, "transferCategory": t.transferCategory})
    identifier = data.debtor.uniqueIdentifier
    unique = {"entityUniqueIdentifierType": identifier.entityUniqueIdentifierType, "entityUniqueIdentifierValue": identifier.entityUniqueIdentifierValue}
    return {
        "receiptId": f"{int(avviso['numero']):032x}",
        "noticeNumber": avviso["numero"],
        "fiscalCode": run.demo["ente"]["codice_fiscale"],
        "outcome": "OK",
        "creditorReferenceId": data.creditorReferenceId,
        "paymentAmount": wire(avviso["importo_cents"]),
        "description": data.description,
        "companyName": run.demo["ente"]["nome"],
        "debtor": {"uniqueIdentifier": unique, "fullName": data.debtor.fullName},
        "transferList": {"transfer": transfers},
        "idPSP": "88888888888",
        "PSPCompanyName": "Banca di Prova S.p.A.",
        "idChannel": "88888888888_01",
        "channelDescription": "app",
        "paymentMethod": "creditCard",
        "paymentDateTime": "2026-10-01T17:48:22",
    }


def receipts(run):
    """A receipt is taken, taken again, and closes its notice."""
    take = {1: ("paSendRT", GET, run.open_notices()[-1]), 2: ("paSendRTV2", GET_V2, run.open_notices(bollo=True)[0])}
    for version, (operation, get, avviso) in take.items():
        data = run.ask(get, avviso["numero"]).data
        request = run.station.request(operation, **run.routing(), receipt=receipt(run, avviso, data, version))
        for time in ("first", "second", "third"):
            run.same(f"{operation}, {time} time", outcome_of(run.station.post_valid(request, operation)), ("OK", None))
        run.refused(f"verify after {operation}", VERIFY, run.ask(VERIFY, avviso["numero"]), "PAA_PAGAMENTO_DUPLICATO")
        run.refused(f"{GET_V2} after {operation}", GET_V2, run.ask(GET_V2, avviso["numero"]), "PAA_PAGAMENTO_DUPLICATO")


def official_sample(run):
    """pagoPA's own sample of a receipt: taken as it is (for an ente that is not ours), and with our notice written into it."""
    run.same("the sample as it is", outcome_of(run.station.post_valid(envelope_of(run.sample), "paSendRTV2")), ("OK", None))
    avviso = run.open_notices()[0]
    root = etree.fromstring(etree.tostring(run.sample))
    ente = run.demo["ente"]["codice_fiscale"]
    ours = {"idPA": ente, "idBrokerPA": run.demo["intermediario"], "idStation": run.demo["stazione"]}
    ours |= {"receipt/fiscalCode": ente, "receipt/noticeNumber": avviso["numero"], "receipt/creditorReferenceId": avviso["numero"][1:]}
    ours |= {"receipt/paymentAmount": wire(avviso["importo_cents"]), "receipt/transferList/transfer[1]/fiscalCodePA": ente}
    ours |= {"receipt/transferList/transfer[1]/transferAmount": wire(avviso["importo_cents"] - 1_000)}
    for path, value in ours.items():
        root.find(path).text = value
    for time in ("first", "second"):
        answer = run.station.post_valid(envelope_of(root), "paSendRTV2")
        run.same(f"the sample with our notice, {time} time", (answer.tag, *outcome_of(answer)), (f"{{{PAFN}}}paSendRTV2Response", "OK", None))
    run.refused("verify after the sample", VERIFY, run.ask(VERIFY, avviso["numero"]), "PAA_PAGAMENTO_DUPLICATO")


def broken_receipts(run):
    """Money has moved: whatever the bytes say, if they are a receipt the answer is OK and a person looks at them."""
    for what, path in (("without its notice number", "receipt/noticeNumber"), ("without its amount", "receipt/paymentAmount")):
        root = etree.fromstring(etree.tostring(run.sample))
        root.find(path).getparent().remove(root.find(path))
        run.same(f"a receipt {what}", outcome_of(run.station.post_valid(envelope_of(root), "paSendRTV2")), ("OK", None))


# Receipts come last: they change what the others ask about.
GROUPS = [
    verify_in_every_state,
    get_payment_in_every_state,
    get_payment_variants,
    routing_errors,
    malformed_requests,
    soap_actions,
    broken_receipts,
    receipts,
    official_sample,
]
NEED_SAMPLES = {broken_receipts, official_sample}


def main():
    specs, samples = os.environ.get("PAGOPA_SPECS"), os.environ.get("PAGOPA_SAMPLES")
    if not specs:
        print("end2end/soap: skipped, PAGOPA_SPECS is not set", file=sys.stderr)
        return 0
    with demo() as described:
        run = Run(pathlib.Path(specs), samples and pathlib.Path(samples), described)
        failed = False
        for group in GROUPS:
            if group in NEED_SAMPLES and not samples:
                print(f"soap: {group.__name__.replace('_', ' ')}: skipped, PAGOPA_SAMPLES is not set", file=sys.stderr)
                continue
            run.compared, run.differences = 0, []
            try:
                group(run)
            except Exception:  # one group that cannot go on must not hide the others
                run.differences.append(traceback.format_exc())
            print(f"soap: {group.__name__.replace('_', ' ')}: {run.compared} compared, {len(run.differences)} differences")
            for difference in run.differences:
                print(f"  {difference}")
            failed = failed or bool(run.differences)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
