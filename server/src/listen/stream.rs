//! A connection, as bytes.

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

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep},
};

use super::patience::{Patience, Wait};

/// Gives up a peer that does not read, and tells an orderly end from a broken one.
pub(crate) struct Stream {
    inner: TcpStream,
    unread: Wait,
    patience: Patience,
    linger: Duration,
    end: End,
    done: Done,
}

/// Says of a connection that everything was sent, also where nobody shut it down.
#[derive(Clone, Default)]
pub(super) struct Done(Arc<AtomicBool>);

impl Done {
    pub(super) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

enum End {
    NotYet,
    /// Everything was sent. What still comes is read and dropped, since closing a connection with
    /// unread bytes in it would take our last words away from the peer.
    Lingering {
        quiet: Pin<Box<Sleep>>,
        latest: Instant,
    },
    Orderly,
}

impl Stream {
    /// `patience` is for the peer to read. After the end it is listened to until it is quiet for
    /// `linger`, or `patience` is over.
    pub(crate) fn new(inner: TcpStream, patience: Patience, linger: Duration) -> Self {
        let (end, done) = (End::NotYet, Done::default());
        Self { inner, unread: Wait::new(patience), patience, linger, end, done }
    }

    /// To be set before the connection is dropped.
    pub(super) fn done(&self) -> Done {
        self.done.clone()
    }

    fn watch(
        &mut self,
        written: Poll<io::Result<usize>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = written {
            self.unread.progress(*written.as_ref().unwrap_or(&0));
            return Poll::Ready(written);
        }
        ready!(self.unread.poll_over(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.watch(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.watch(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            match &mut this.end {
                End::NotYet => {
                    ready!(Pin::new(&mut this.inner).poll_shutdown(context))?;
                    let latest = Instant::now() + this.patience.stall;
                    this.end = End::Lingering { quiet: Box::pin(sleep(this.linger)), latest };
                }
                End::Lingering { quiet, latest } => {
                    let is_over = quiet.as_mut().poll(context).is_ready()
                        || ready!(poll_drop_input(&mut this.inner, context));
                    if is_over {
                        this.end = End::Orderly;
                    } else {
                        let next = Instant::now() + this.linger;
                        quiet.as_mut().reset(next.min(*latest));
                    }
                }
                End::Orderly => return Poll::Ready(Ok(())),
            }
        }
    }
}

/// Reads some bytes and forgets them. Gives back whether there will be no more.
fn poll_drop_input(stream: &mut TcpStream, context: &mut Context<'_>) -> Poll<bool> {
    let mut scratch = [0; 4096];
    let mut buffer = ReadBuf::new(&mut scratch);
    let read = ready!(Pin::new(stream).poll_read(context, &mut buffer));
    Poll::Ready(read.is_err() || buffer.filled().is_empty())
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.inner.connected()
    }
}

impl Drop for Stream {
    /// A connection that breaks in the middle of an answer is reset: to a client of HTTP/1.0, an
    /// orderly end would say that the answer is whole.
    fn drop(&mut self) {
        if matches!(self.end, End::NotYet) && !self.done.is_set() {
            let _ = self.inner.set_zero_linger();
        }
    }
}
