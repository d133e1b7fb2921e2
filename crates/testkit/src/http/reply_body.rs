//! A body that is sent completely, or whose connection breaks at its end.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

#[derive(Debug)]
pub(super) struct ReplyBody {
    data: Option<Bytes>,
    ending: Ending,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Proper,
    /// Lets what was written reach the socket before the connection breaks.
    FlushThenBreak,
    Break,
}

impl ReplyBody {
    pub(super) fn whole(data: Bytes) -> Self {
        Self {
            data: Some(data).filter(|data| !data.is_empty()),
            ending: Ending::Proper,
        }
    }

    pub(super) fn cut(data: Bytes) -> Self {
        Self {
            data: Some(data),
            ending: Ending::FlushThenBreak,
        }
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(data) = self.data.take() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match self.ending {
            Ending::Proper => Poll::Ready(None),
            Ending::FlushThenBreak => {
                self.ending = Ending::Break;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::Break => Poll::Ready(Some(Err(io::Error::other("cut on demand")))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none() && self.ending == Ending::Proper
    }

    fn size_hint(&self) -> SizeHint {
        // The declared length comes from the header: for a cut body it is a lie.
        SizeHint::default()
    }
}
