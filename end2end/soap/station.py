"""A client of the station made from the official WSDL, as a PSP's side would be: nothing of ours is in it."""

import urllib.error
import urllib.request

import zeep
from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
PAFN = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"
BINDING = "{http://pagopa-api.pagopa.gov.it/paForNode}paForNodeBinding"
# The Nodo gives a receipt 15 s and everything else 7; a debug build on a busy machine is no measure.
TIMEOUT_S = 15


class Station:
    """Calls operations by the WSDL's names; keeps every answer to the letter of the XSD."""

    def __init__(self, specs, address):
        folder = specs / "pagopa" / "wsdl"
        self.address = address
        self.kept = _KeepAnswers()
        self.client = zeep.Client(str(folder / "paForNode.wsdl"), plugins=[self.kept])
        self.service = self.client.create_service(BINDING, address)
        self.schema = etree.XMLSchema(file=str(folder / "xsd" / "paForNode.xsd"))

    def call(self, operation, **parts):
        """The answer as zeep reads it; what is not as the XSD says is an error."""
        answer = self.service[operation](**parts)
        self.schema.assertValid(self.kept.body())
        return answer

    def request(self, operation, **parts):
        """The bytes of a request, to be sent by hand."""
        return etree.tostring(self.client.create_message(self.service, operation, **parts), xml_declaration=True, encoding="UTF-8")

    def post(self, body, action=None):
        """HTTP status and body; `action` None: no SOAPAction at all."""
        headers = {"Content-Type": "text/xml; charset=utf-8"}
        if action is not None:
            headers["SOAPAction"] = action
        request = urllib.request.Request(self.address, data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def post_valid(self, body, action=None):
        """The answer's element inside the Body, after the XSD judged it."""
        status, answer = self.post(body, action)
        if status != 200:
            raise ValueError(f"HTTP {status}: {answer[:200]!r}")
        element = body_of(etree.fromstring(answer))
        self.schema.assertValid(element)
        return element


class _KeepAnswers(zeep.Plugin):
    def ingress(self, envelope, http_headers, operation):
        self.envelope = envelope
        return envelope, http_headers

    def body(self):
        return body_of(self.envelope)


def body_of(envelope):
    """The one element in the Body, as a document of its own: validity must not hang on the envelope."""
    (element,) = envelope.find(f"{{{SOAP}}}Body")
    return etree.fromstring(etree.tostring(element))


def envelope_of(element):
    """A request made by hand."""
    return b'<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="%s"><e:Body>%s</e:Body></e:Envelope>' % (
        SOAP.encode(),
        etree.tostring(element),
    )


def outcome_of(element):
    """(outcome, fault code or None) of an answer's element."""
    return element.findtext("outcome"), element.findtext("fault/faultCode")
