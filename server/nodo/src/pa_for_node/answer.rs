//! `ctResponse`: what all answers begin with, and the shortest of them.

use super::{Operation, envelope};
use crate::xml::Writer;

/// The receipt is kept. `op` is paSendRT or paSendRTV2.
pub fn encode_receipt_ok(op: Operation) -> Vec<u8> {
    ok(op, |_| {})
}

pub(super) fn ok(op: Operation, rest: impl FnOnce(&mut Writer)) -> Vec<u8> {
    envelope::wrap(op.response_root(), |w| {
        w.text("outcome", "OK");
        rest(w);
    })
}

pub(super) fn ko(op: Operation, fault: impl FnOnce(&mut Writer)) -> Vec<u8> {
    envelope::wrap(op.response_root(), |w| {
        w.text("outcome", "KO");
        w.element("fault", fault);
    })
}
