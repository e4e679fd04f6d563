//! Turns the rows of an export into bytes, on a thread of its own beside the one that reads them.

use std::io::{self, Write};

use bytes::Bytes;
use poem::Body;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio_stream::wrappers::ReceiverStream;

use super::Format;
use super::model::{Export, Row};
use crate::app::App;
use crate::error::{Error, Result};
use crate::tables::{write_csv, write_xlsx};

/// Pages and pieces that may wait for whoever comes next: a slow taker slows the reading, and memory stays small.
const WAITING: usize = 2;
const PIECE_BYTES: usize = 64 * 1024;

/// Writes the whole file into `out`.
///
/// # Errors
/// What reading the rows answers, else Internal for what `out` answers.
pub async fn write(app: &App, export: Export, format: Format, out: impl Write + Send + 'static) -> Result<()> {
    let (pages, rows) = mpsc::channel(WAITING);
    let header = export.header();
    let writing = tokio::task::spawn_blocking(move || write_file(&header, rows, format, out));
    let read = export.send_rows(app, &pages).await;
    drop(pages);
    let written = writing.await.map_err(Error::internal)?;
    read?;
    written.map_err(Error::internal)
}

/// The file as the body of an answer. A failure on the way breaks the body off, so that no browser takes a part for the
/// whole.
pub fn body(app: App, export: Export, format: Format) -> Body {
    let (pieces, received) = mpsc::channel::<io::Result<Bytes>>(WAITING);
    let out = Pieces { buffer: Vec::with_capacity(PIECE_BYTES), pieces: pieces.clone() };
    tokio::spawn(async move {
        if let Err(error) = write(&app, export, format, out).await {
            tracing::warn!(%error, "an export broke off");
            // Nobody takes it when the browser is gone, which is the usual reason.
            let _ = pieces.send(Err(io::Error::other("the export broke off"))).await;
        }
    });
    Body::from_bytes_stream(ReceiverStream::new(received))
}

fn write_file(header: &[String], pages: Receiver<Vec<Row>>, format: Format, mut out: impl Write) -> io::Result<()> {
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let rows = Rows(pages).flatten();
    match format {
        Format::Csv => write_csv(&header, rows, &mut out)?,
        Format::Xlsx => out.write_all(&write_xlsx(&header, rows)?)?,
    }
    out.flush()
}

struct Rows(Receiver<Vec<Row>>);

impl Iterator for Rows {
    type Item = Vec<Row>;

    fn next(&mut self) -> Option<Vec<Row>> {
        self.0.blocking_recv()
    }
}

/// Gathers what is written into pieces for the body of an answer.
struct Pieces {
    buffer: Vec<u8>,
    pieces: Sender<io::Result<Bytes>>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PIECE_BYTES);
        self.buffer.extend_from_slice(&bytes[..taken]);
        if self.buffer.len() >= PIECE_BYTES {
            self.send()?;
        }
        Ok(taken)
    }

    /// The CSV writer flushes after its header; a small piece is left to grow until the end.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Pieces {
    fn send(&mut self) -> io::Result<()> {
        let piece = std::mem::replace(&mut self.buffer, Vec::with_capacity(PIECE_BYTES));
        let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "nobody takes the export any more");
        self.pieces.blocking_send(Ok(piece.into())).map_err(gone)
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        // An error here means that nobody listens; there is nobody to tell.
        let _ = self.send();
    }
}
