//! Cached public pages: rendered once per address and write generation, kept as plain and gzip bytes.
//!
//! A page in here holds no session, no nonce and nobody's name but what is public: everything that shapes it is
//! in its address (language, large print, county) or in the write generation of what it shows.

use std::collections::HashMap;
use std::future::Future;
use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse};
use falin_domain::refusal::Refusal;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::etag;

const SHARDS: usize = 16;
/// Longest address (path and query) that is worth keeping; longer ones are rendered each time.
const MAX_KEY: usize = 512;
/// Below this compression saves no packet.
const MIN_GZIP: usize = 1024;

/// One body ready to send.
pub struct Ready {
    generation: u64,
    plain: Bytes,
    /// Made when the first caller asks for it: most addresses that are rendered once are asked for once.
    gzip: OnceLock<Option<Bytes>>,
    etag: HeaderValue,
    content_type: HeaderValue,
    used: AtomicU32,
}

/// Pages by address, at most `capacity` bytes of them.
pub struct PageCache {
    shards: Vec<RwLock<HashMap<String, Arc<Ready>>>>,
    shard_capacity: usize,
    clock: AtomicU32,
}

impl PageCache {
    /// Room for `capacity` bytes of bodies, both forms counted.
    pub fn new(capacity: usize) -> Self {
        let shards = (0..SHARDS).map(|_| RwLock::default()).collect();
        Self { shards, shard_capacity: capacity / SHARDS, clock: AtomicU32::new(1) }
    }

    /// The HTML page of this request's address at `generation` (the write generation of the county and noun that
    /// it shows, read before rendering), from the cache or from `render`: 200, or 304 where the caller has it.
    ///
    /// # Errors
    /// Those of `render`; they are not kept.
    pub async fn page<F>(
        &self,
        req: &HttpRequest,
        generation: u64,
        render: impl FnOnce() -> F,
    ) -> Result<HttpResponse, Refusal>
    where
        F: Future<Output = Result<String, Refusal>>,
    {
        let key = req.uri().path_and_query().map_or("/", |p| p.as_str());
        if let Some(ready) = self.get(key, generation) {
            return Ok(ready.answer(req));
        }
        let ready = Arc::new(Ready::new(render().await?.into(), "text/html; charset=utf-8", generation));
        self.put(key, Arc::clone(&ready));
        Ok(ready.answer(req))
    }

    fn get(&self, key: &str, generation: u64) -> Option<Arc<Ready>> {
        let shard = self.shard(key).read().unwrap_or_else(std::sync::PoisonError::into_inner);
        let ready = shard.get(key).filter(|ready| ready.generation == generation)?;
        ready.used.store(self.clock.load(Ordering::Relaxed), Ordering::Relaxed);
        Some(Arc::clone(ready))
    }

    fn put(&self, key: &str, ready: Arc<Ready>) {
        if key.len() > MAX_KEY || ready.size() > self.shard_capacity {
            return;
        }
        ready.used.store(self.clock.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        let mut shard = self.shard(key).write().unwrap_or_else(std::sync::PoisonError::into_inner);
        shard.insert(key.to_owned(), ready);
        let mut size: usize = shard.iter().map(|(key, r)| key.len() + r.size()).sum();
        while size > self.shard_capacity {
            let oldest = shard.iter().min_by_key(|(_, r)| r.used.load(Ordering::Relaxed));
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else { break };
            size -= shard.remove(&oldest).map_or(0, |r| oldest.len() + r.size());
        }
    }

    fn shard(&self, key: &str) -> &RwLock<HashMap<String, Arc<Ready>>> {
        // FNV-1a: spreads short addresses well and costs less than a keyed hash; the map inside is keyed.
        let hash = key
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
        &self.shards[(hash >> 32) as usize % SHARDS]
    }
}

impl Ready {
    /// A body with its compressed form and tag.
    pub fn new(plain: Bytes, content_type: &'static str, generation: u64) -> Self {
        // Weak: one tag stands for the plain and the compressed form.
        let tag = format!("W/{}", etag::of_bytes(&plain));
        Self {
            generation,
            gzip: OnceLock::new(),
            etag: HeaderValue::from_str(&tag).unwrap_or(HeaderValue::from_static("\"\"")),
            plain,
            content_type: HeaderValue::from_static(content_type),
            used: AtomicU32::new(0),
        }
    }

    /// Bytes that it may come to take, the compressed form reckoned at half of the plain one.
    fn size(&self) -> usize {
        self.plain.len() + self.plain.len() / 2
    }

    fn compressed(&self) -> Option<Bytes> {
        let worth = self.plain.len() >= MIN_GZIP;
        let make = || worth.then(|| gzip(&self.plain, Compression::best())).flatten();
        self.gzip.get_or_init(make).clone()
    }

    /// 200 with the form that the caller accepts, or 304 where its copy is still good; to be asked again each time.
    pub fn answer(&self, req: &HttpRequest) -> HttpResponse {
        self.answer_as(req, "public, no-cache")
    }

    /// Like [`Ready::answer`], with another Cache-Control.
    pub fn answer_as(&self, req: &HttpRequest, cache_control: &'static str) -> HttpResponse {
        let tag = self.etag.to_str().unwrap_or_default();
        let fresh = etag::none_match(req, tag);
        let mut answer = if fresh { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer.insert_header((header::ETAG, self.etag.clone()));
        answer.insert_header((header::CACHE_CONTROL, HeaderValue::from_static(cache_control)));
        answer.insert_header((header::VARY, HeaderValue::from_static("accept-encoding")));
        if fresh {
            return answer.finish();
        }
        answer.insert_header((header::CONTENT_TYPE, self.content_type.clone()));
        match accepts_gzip(req).then(|| self.compressed()).flatten() {
            Some(small) => {
                answer.insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("gzip")));
                answer.body(small)
            }
            None => answer.body(self.plain.clone()),
        }
    }
}

/// A page for this visitor only: compressed in place where that saves packets, never kept anywhere.
pub fn private_page(req: &HttpRequest, status: u16, html: String) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or(actix_web::http::StatusCode::OK);
    let mut answer = HttpResponse::build(status);
    answer.insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")));
    answer.insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-store")));
    answer.insert_header((header::VARY, HeaderValue::from_static("accept-encoding, cookie")));
    if html.len() >= MIN_GZIP
        && accepts_gzip(req)
        && let Some(small) = gzip(html.as_bytes(), Compression::fast())
    {
        answer.insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("gzip")));
        return answer.body(small);
    }
    answer.body(html)
}

/// True where Accept-Encoding takes gzip (RFC 9110 §12.5.3) with a weight above 0.
pub fn accepts_gzip(req: &HttpRequest) -> bool {
    let value = req.headers().get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let refused = parts.any(|p| p.strip_prefix("q=").and_then(|q| q.parse().ok()) == Some(0.0_f32));
        name.eq_ignore_ascii_case("gzip") && !refused
    })
}

/// Gzip of `bytes`; None where writing to memory failed, which leaves the plain form.
pub fn gzip(bytes: &[u8], level: Compression) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 3), level);
    encoder.write_all(bytes).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use actix_web::body::MessageBody;
    use actix_web::test::TestRequest;

    fn ask(uri: &str) -> TestRequest {
        TestRequest::get().uri(uri)
    }

    async fn page(cache: &PageCache, req: TestRequest, generation: u64, text: &str) -> HttpResponse {
        let text = text.repeat(400);
        cache.page(&req.to_http_request(), generation, || async { Ok(text) }).await.unwrap()
    }

    #[actix_web::test]
    async fn a_page_is_rendered_once_per_generation() {
        let cache = PageCache::new(1 << 20);
        let first = page(&cache, ask("/zh/x"), 1, "one").await;
        let again = page(&cache, ask("/zh/x"), 1, "two").await;
        assert_eq!(first.headers().get("etag"), again.headers().get("etag"));
        let later = page(&cache, ask("/zh/x"), 2, "two").await;
        assert_ne!(first.headers().get("etag"), later.headers().get("etag"));
    }

    #[actix_web::test]
    async fn the_caller_gets_gzip_or_304_as_it_asks() {
        let cache = PageCache::new(1 << 20);
        let zipped =
            page(&cache, ask("/a").insert_header(("accept-encoding", "br, gzip;q=0.5")), 1, "page").await;
        assert_eq!(zipped.headers().get("content-encoding").unwrap(), "gzip");
        let plain = page(&cache, ask("/a").insert_header(("accept-encoding", "gzip;q=0")), 1, "page").await;
        assert!(plain.headers().get("content-encoding").is_none());
        assert_eq!(plain.into_body().try_into_bytes().unwrap().len(), 1600);
        let tag = zipped.headers().get("etag").unwrap().to_str().unwrap().to_owned();
        let same = page(&cache, ask("/a").insert_header(("if-none-match", tag)), 1, "page").await;
        assert_eq!(same.status(), 304);
    }

    #[actix_web::test]
    async fn strangers_cannot_fill_the_memory() {
        let cache = PageCache::new(256 << 10);
        for i in 0..2000 {
            page(&cache, ask(&format!("/x?q={i}")), 1, "0123456789").await;
        }
        let kept: usize =
            cache.shards.iter().map(|s| s.read().unwrap().values().map(|r| r.size()).sum::<usize>()).sum();
        assert!(kept <= 256 << 10, "{kept}");
    }

    #[actix_web::test]
    async fn a_refusal_is_not_kept() {
        let cache = PageCache::new(1 << 20);
        let req = ask("/gone").to_http_request();
        let refused = cache.page(&req, 1, || async { Err(Refusal::absent()) }).await;
        assert_eq!(refused.unwrap_err().code(), "not_found");
        assert_eq!(page(&cache, ask("/gone"), 1, "here").await.status(), 200);
    }
}
