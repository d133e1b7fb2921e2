//! What the simulators have in common: an HTTP server on loopback that can also
//! misbehave on the wire, faults and the requests they hit, and a traffic log.
//!
//! A simulator implements `Handler` and hands it to `Server`; all knowledge of the
//! simulated API stays with the simulator.

mod fault;
mod reply_body;
mod server;
mod traffic;

pub use fault::Fault;
pub(crate) use fault::FaultQueue;
pub(crate) use server::{Delivery, Handler, Listener, Request, Server, WireReply};
pub(crate) use traffic::TrafficMeter;
pub use traffic::{RequestSummary, Traffic};
