//! Counters of requests per route and of the libraries of county workflows, as Prometheus text; no label ever holds what
//! a visitor sent.

use std::fmt::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use falin_app::Sent;
use falin_app::plugin::{Took, Work};

/// Upper bounds of the latency buckets in seconds.
const BOUNDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.0, 10.0];

/// Content-Type of the exposition format.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

#[derive(Default)]
struct Series {
    /// Answers by the first digit of the status.
    classes: [AtomicU64; 6],
    buckets: [AtomicU64; BOUNDS.len()],
    micros: AtomicU64,
}

/// A library of a county workflow, and what it has done in this process.
pub struct Library<'a> {
    /// Place code of the county.
    pub county: &'a str,
    /// The plugin's own name.
    pub plugin: &'a str,
    /// Which of its packages.
    pub generation: &'a str,
    /// Its numbers.
    pub work: &'a Work,
}

impl Library<'_> {
    fn labels(&self) -> String {
        let Self { county, plugin, generation, .. } = self;
        format!("county=\"{county}\",plugin=\"{plugin}\",generation=\"{generation}\"")
    }
}

/// Requests that no route took (404, 405) are counted under this label.
const UNROUTED: &str = "none";

/// All counters of one server.
#[derive(Default)]
pub struct Metrics {
    routes: OnceLock<Vec<(String, Series)>>,
    unrouted: Series,
    in_flight: AtomicU64,
    refused_flood: AtomicU64,
    panics: AtomicU64,
}

impl Metrics {
    /// Names the routes once at start, as `METHOD /path/{pattern}`, in the order of the route table.
    pub fn name_routes(&self, names: impl Iterator<Item = String>) {
        self.routes.get_or_init(|| names.map(|name| (name, Series::default())).collect());
    }

    /// A request came in.
    pub fn begin(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    /// It was answered: the route's place in the table, the status, the time taken.
    pub fn end(&self, route: Option<usize>, status: u16, took: Duration) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
        let named = route.and_then(|i| self.routes.get()?.get(i)).map(|(_, series)| series);
        let series = named.unwrap_or(&self.unrouted);
        series.classes[usize::from(status / 100).min(5)].fetch_add(1, Ordering::Relaxed);
        series.micros.fetch_add(took.as_micros() as u64, Ordering::Relaxed);
        let seconds = took.as_secs_f64();
        if let Some(bucket) = BOUNDS.iter().position(|bound| seconds <= *bound) {
            series.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// `METHOD /path/{pattern}` of the line at this place of the table, `none` where no line took the request.
    pub fn route_name(&self, place: Option<usize>) -> &str {
        place.and_then(|i| self.routes.get()?.get(i)).map_or(UNROUTED, |(name, _)| name)
    }

    /// A request was refused by the flood limit.
    pub fn flooded(&self) {
        self.refused_flood.fetch_add(1, Ordering::Relaxed);
    }

    /// A handler panicked.
    pub fn panicked(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }

    /// The counters as Prometheus text, with what the store has sent, what libraries did in this process and how long they
    /// took to be swapped.
    pub fn render(&self, sent: Sent, libraries: &[Library<'_>], swaps: &Took) -> String {
        let mut out = String::with_capacity(8192);
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let single = [
            ("falin_requests_in_flight", "gauge", read(&self.in_flight)),
            ("falin_flood_refused_total", "counter", read(&self.refused_flood)),
            ("falin_panics_total", "counter", read(&self.panics)),
            ("falin_store_statements_total", "counter", sent.statements),
            ("falin_store_turned_away_total", "counter", sent.turned_away),
        ];
        for (name, kind, value) in single {
            let _ = writeln!(out, "# TYPE {name} {kind}\n{name} {value}");
        }
        out.push_str("# TYPE falin_requests_total counter\n");
        self.each(|name, series| {
            for (class, count) in series.classes.iter().enumerate().filter(|(_, count)| read(count) > 0) {
                let count = read(count);
                let _ =
                    writeln!(out, "falin_requests_total{{route=\"{name}\",status=\"{class}xx\"}} {count}");
            }
        });
        out.push_str("# TYPE falin_request_seconds histogram\n");
        self.each(|name, series| histogram(&mut out, name, series));
        of_libraries(&mut out, libraries);
        out.push_str("# TYPE falin_plugin_swap_seconds summary\n");
        summary(&mut out, "falin_plugin_swap_seconds", "", swaps);
        out
    }

    fn each(&self, mut see: impl FnMut(&str, &Series)) {
        for (name, series) in self.routes.get().into_iter().flatten() {
            see(name, series);
        }
        see(UNROUTED, &self.unrouted);
    }
}

fn of_libraries(out: &mut String, libraries: &[Library<'_>]) {
    type Read = fn(&Work) -> u64;
    let counts: [(&str, &str, Read); 4] = [
        ("falin_plugin_calls_total", "counter", |work| work.calls),
        ("falin_plugin_deaths_total", "counter", |work| work.deaths),
        ("falin_plugin_starts_total", "counter", |work| work.spawns),
        ("falin_plugin_workers", "gauge", |work| work.workers as u64),
    ];
    for (name, kind, read) in counts {
        let _ = writeln!(out, "# TYPE {name} {kind}");
        for one in libraries {
            let _ = writeln!(out, "{name}{{{}}} {}", one.labels(), read(one.work));
        }
    }
    out.push_str("# TYPE falin_plugin_call_seconds summary\n");
    for one in libraries {
        summary(out, "falin_plugin_call_seconds", &one.labels(), &one.work.answered);
    }
}

/// Quantiles and count; a `labels` that is not empty stands before the quantile's own.
fn summary(out: &mut String, name: &str, labels: &str, took: &Took) {
    let comma = if labels.is_empty() { "" } else { "," };
    for (quantile, time) in [("0.5", took.p50), ("0.99", took.p99)] {
        let seconds = time.as_secs_f64();
        let _ = writeln!(out, "{name}{{{labels}{comma}quantile=\"{quantile}\"}} {seconds}");
    }
    let braced = if labels.is_empty() { String::new() } else { format!("{{{labels}}}") };
    let _ = writeln!(out, "{name}_count{braced} {}", took.count);
}

fn histogram(out: &mut String, name: &str, series: &Series) {
    let total: u64 = series.classes.iter().map(|c| c.load(Ordering::Relaxed)).sum();
    if total == 0 {
        return;
    }
    let mut below = 0;
    for (bound, bucket) in BOUNDS.iter().zip(&series.buckets) {
        below += bucket.load(Ordering::Relaxed);
        let _ = writeln!(out, "falin_request_seconds_bucket{{route=\"{name}\",le=\"{bound}\"}} {below}");
    }
    let sum = series.micros.load(Ordering::Relaxed) as f64 / 1e6;
    let _ = writeln!(out, "falin_request_seconds_bucket{{route=\"{name}\",le=\"+Inf\"}} {total}");
    let _ = writeln!(out, "falin_request_seconds_sum{{route=\"{name}\"}} {sum}");
    let _ = writeln!(out, "falin_request_seconds_count{{route=\"{name}\"}} {total}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_told_by_route_and_class() {
        let metrics = Metrics::default();
        metrics.name_routes(["GET /a/{id}".to_owned()].into_iter());
        for (route, status, millis) in [(Some(0), 200, 3), (Some(0), 404, 30_000), (None, 405, 0)] {
            metrics.begin();
            metrics.end(route, status, Duration::from_millis(millis));
        }
        let took =
            |millis| Took { count: 1, p50: Duration::from_millis(millis), p99: Duration::from_millis(9) };
        let work = Work { calls: 3, deaths: 1, spawns: 2, workers: 1, answered: took(2) };
        let one = Library { county: "620200", plugin: "petition", generation: "2", work: &work };
        let text = metrics.render(Sent { statements: 7, turned_away: 2 }, &[one], &took(4));
        for line in [
            "falin_requests_in_flight 0",
            "falin_store_statements_total 7",
            "falin_store_turned_away_total 2",
            "falin_requests_total{route=\"GET /a/{id}\",status=\"4xx\"} 1",
            "falin_request_seconds_bucket{route=\"GET /a/{id}\",le=\"0.005\"} 1",
            "falin_request_seconds_bucket{route=\"GET /a/{id}\",le=\"+Inf\"} 2",
            "falin_requests_total{route=\"none\",status=\"4xx\"} 1",
            "falin_plugin_deaths_total{county=\"620200\",plugin=\"petition\",generation=\"2\"} 1",
            "falin_plugin_call_seconds{county=\"620200\",plugin=\"petition\",generation=\"2\",quantile=\"0.5\"} 0.002",
            "falin_plugin_call_seconds_count{county=\"620200\",plugin=\"petition\",generation=\"2\"} 1",
            "falin_plugin_swap_seconds{quantile=\"0.99\"} 0.009",
            "falin_plugin_swap_seconds_count 1",
        ] {
            assert!(text.lines().any(|l| l == line), "{line}\n{text}");
        }
    }
}
