//! The sandbox as others see it: its sockets on one side, a station that answers by script on the other.

#![allow(clippy::unwrap_used, reason = "the exception for tests in clippy.toml does not reach helpers outside #[test]")]

mod carts;
mod checkout;
mod fdr;
mod gpd;
mod guasti;
mod harness;
#[path = "../../../nodo/tests/wire/openapi.rs"]
mod openapi;
mod psp_demand;
mod psp_pay;
mod recupero;
mod schemi;
mod servizi;
