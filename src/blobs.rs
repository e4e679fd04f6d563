//! The contents of files that people attach: kept in a folder that all processes share, each under the hash of what it holds.
//!
//! What a file is called, whose it is and who may read it are rows of the plugin that it belongs to; here are bytes alone. A
//! name in the store is made of a hash, so that nothing that people type becomes a path. The same content is stored once, and
//! stored anew whenever it comes again, so that `older` does not take away what was attached a moment ago.

use crate::error::{Error, Result};
use bytes::Bytes;
use futures_util::TryStreamExt;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// A clone shares the store.
#[derive(Clone)]
pub struct Blobs {
    folder: Arc<PathBuf>,
    store: Arc<OnceCell<Arc<dyn ObjectStore>>>,
}

impl Blobs {
    /// The folder is made with the first file.
    pub fn new(folder: &str) -> Self {
        Blobs { folder: Arc::new(PathBuf::from(folder)), store: Arc::default() }
    }

    async fn store(&self) -> Result<&Arc<dyn ObjectStore>> {
        let open = async || {
            tokio::fs::create_dir_all(&*self.folder).await.map_err(|error| away(&error))?;
            let store = LocalFileSystem::new_with_prefix(&*self.folder).map_err(|error| away(&error))?;
            Ok::<Arc<dyn ObjectStore>, Error>(Arc::new(store.with_fsync(true)))
        };
        self.store.get_or_try_init(open).await
    }

    /// Stores the content, for a plugin, and returns its name.
    pub async fn put(&self, plugin: &'static str, content: Bytes) -> Result<String> {
        let hash: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        let name = format!("{plugin}/{}/{hash}", &hash[..2]);
        let payload = PutPayload::from_bytes(content);
        self.store().await?.put(&Path::from(name.as_str()), payload).await.map_err(|error| away(&error))?;
        Ok(name)
    }

    /// What was stored under that name.
    ///
    /// # Errors
    /// `NotFound` when it is gone.
    pub async fn get(&self, name: &str) -> Result<Bytes> {
        let found = self.store().await?.get(&Path::from(name)).await.map_err(|error| away(&error))?;
        found.bytes().await.map_err(|error| away(&error))
    }

    /// The names of a plugin's contents that were last stored before a point in time, in UTC milliseconds.
    pub async fn older(&self, plugin: &'static str, than_ms: i64) -> Result<Vec<String>> {
        let all: Vec<object_store::ObjectMeta> =
            self.store().await?.list(Some(&Path::from(plugin))).try_collect().await.map_err(|error| away(&error))?;
        let old = all.into_iter().filter(|meta| meta.last_modified.timestamp_millis() < than_ms);
        Ok(old.map(|meta| meta.location.to_string()).collect())
    }

    /// Takes a content away. One that is gone already is no error.
    pub async fn delete(&self, name: &str) -> Result<()> {
        match self.store().await?.delete(&Path::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(away(&error)),
        }
    }
}

/// A full or missing disk is no defect, and may be mended while people wait.
fn away(error: &(dyn std::error::Error + 'static)) -> Error {
    if let Some(object_store::Error::NotFound { .. }) = error.downcast_ref::<object_store::Error>() {
        return Error::NotFound;
    }
    Error::Unavailable { retry_after_s: 10, why: format!("the store of files does not answer: {error}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn contents_come_back_and_go() {
        let folder = std::env::temp_dir().join(format!("quarterdeck-blobs-{}", std::process::id()));
        let blobs = Blobs::new(&folder.display().to_string());
        let name = blobs.put("test", Bytes::from_static(b"rope")).await.unwrap();
        assert_eq!(blobs.put("test", Bytes::from_static(b"rope")).await.unwrap(), name);
        assert_eq!(blobs.get(&name).await.unwrap(), Bytes::from_static(b"rope"));
        assert!(blobs.older("test", 0).await.unwrap().is_empty());
        assert_eq!(blobs.older("test", i64::MAX).await.unwrap(), std::slice::from_ref(&name));
        assert!(blobs.older("other", i64::MAX).await.unwrap().is_empty());
        blobs.delete(&name).await.unwrap();
        blobs.delete(&name).await.unwrap();
        assert!(matches!(blobs.get(&name).await, Err(Error::NotFound)));
        assert!(matches!(blobs.get("../../etc/passwd").await, Err(Error::NotFound)));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
