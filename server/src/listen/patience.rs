//! Waiting for somebody who may never come.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{BoxError, body::Bytes};
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};

/// How long a transfer may keep us waiting. Time that we ourselves take does not count.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The longest single wait without a byte.
    pub stall: Duration,
    /// Bytes per second. All waits together may last `stall`, and a second more for each `rate`
    /// bytes that came: a byte now and then does not keep a transfer alive.
    pub rate: u32,
}

/// Counts the waits of one transfer.
pub(super) struct Wait {
    patience: Patience,
    bytes: u64,
    waited: Duration,
    /// The wait that is going on.
    current: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Wait {
    pub(super) fn new(patience: Patience) -> Self {
        Self { patience, bytes: 0, waited: Duration::ZERO, current: None }
    }

    /// To be called when there is nothing yet. Ready when that has lasted too long.
    pub(super) fn poll_over(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.current.is_none() {
            let longest = self.patience.stall.min(self.credit());
            self.current = Some((Instant::now(), Box::pin(sleep(longest))));
        }
        match &mut self.current {
            Some((_, timer)) => timer.as_mut().poll(context),
            None => Poll::Pending,
        }
    }

    /// To be called when bytes came.
    pub(super) fn progress(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes.try_into().unwrap_or(u64::MAX));
        if let Some((since, _)) = self.current.take() {
            self.waited += since.elapsed();
        }
    }

    fn credit(&self) -> Duration {
        let rate = u64::from(self.patience.rate.max(1));
        let earned = Duration::from_millis(self.bytes.saturating_mul(1000) / rate);
        (self.patience.stall + earned).saturating_sub(self.waited)
    }
}

/// Says elsewhere that a body was given up.
#[derive(Clone, Default)]
pub(crate) struct GaveUp(Arc<AtomicBool>);

impl GaveUp {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A body that ends with an error when it keeps us waiting.
pub(crate) struct PatientBody<B> {
    inner: B,
    wait: Wait,
    gave_up: GaveUp,
}

impl<B> PatientBody<B> {
    pub(crate) fn new(inner: B, patience: Patience, gave_up: GaveUp) -> Self {
        Self { inner, wait: Wait::new(patience), gave_up }
    }
}

impl<B> Body for PatientBody<B>
where
    B: Body<Data = Bytes, Error: Into<BoxError>> + Unpin,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(context) {
            let bytes = match &frame {
                Some(Ok(frame)) => frame.data_ref().map_or(0, Bytes::len),
                _ => 0,
            };
            this.wait.progress(bytes);
            return Poll::Ready(frame.map(|it| it.map_err(Into::into)));
        }
        ready!(this.wait.poll_over(context));
        this.gave_up.set();
        Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::TimedOut).into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
