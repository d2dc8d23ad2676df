//! The operations of a station, their names on the wire, and how large their requests may be.

/// What the Nodo can ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    VerifyPaymentNotice,
    GetPayment,
    GetPaymentV2,
    SendRt,
    SendRtV2,
    DemandPaymentNotice,
}

/// The largest request of all: a receipt may carry five revenue stamps, a few KiB of base64 each; 1 MiB is far above.
pub const BODY_MAX: usize = 1024 * 1024;
/// A request without attachments is below 4 KiB with every text at its longest; the data of a spontaneous payment are an XML of a
/// few KiB.
const BODY_MAX_SMALL: usize = 256 * 1024;

impl Operation {
    pub const ALL: [Self; 6] = [
        Self::VerifyPaymentNotice,
        Self::GetPayment,
        Self::GetPaymentV2,
        Self::SendRt,
        Self::SendRtV2,
        Self::DemandPaymentNotice,
    ];

    /// The name in the WSDL, which is also the SOAPAction.
    pub const fn name(self) -> &'static str {
        match self {
            Self::VerifyPaymentNotice => "paVerifyPaymentNotice",
            Self::GetPayment => "paGetPayment",
            Self::GetPaymentV2 => "paGetPaymentV2",
            Self::SendRt => "paSendRT",
            Self::SendRtV2 => "paSendRTV2",
            Self::DemandPaymentNotice => "paDemandPaymentNotice",
        }
    }

    /// Root element in the Body of a request. The first version says `Req`, what came later `Request`.
    pub const fn request_root(self) -> &'static str {
        match self {
            Self::VerifyPaymentNotice => "paVerifyPaymentNoticeReq",
            Self::GetPayment => "paGetPaymentReq",
            Self::GetPaymentV2 => "paGetPaymentV2Request",
            Self::SendRt => "paSendRTReq",
            Self::SendRtV2 => "paSendRTV2Request",
            Self::DemandPaymentNotice => "paDemandPaymentNoticeRequest",
        }
    }

    pub const fn response_root(self) -> &'static str {
        match self {
            Self::VerifyPaymentNotice => "paVerifyPaymentNoticeRes",
            Self::GetPayment => "paGetPaymentRes",
            Self::GetPaymentV2 => "paGetPaymentV2Response",
            Self::SendRt => "paSendRTRes",
            Self::SendRtV2 => "paSendRTV2Response",
            Self::DemandPaymentNotice => "paDemandPaymentNoticeResponse",
        }
    }

    /// Bytes of a request, envelope included.
    pub const fn body_max(self) -> usize {
        if self.is_send_rt() { BODY_MAX } else { BODY_MAX_SMALL }
    }

    pub const fn is_send_rt(self) -> bool {
        matches!(self, Self::SendRt | Self::SendRtV2)
    }

    pub(crate) fn of_request_root(root: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|op| op.request_root() == root)
    }
}
