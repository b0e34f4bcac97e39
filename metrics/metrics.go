// Package metrics counts what a running service does, for Prometheus. Labels are routes' patterns, kinds of job and codes: nothing that names a person,
// a case or a visit.
package metrics

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"kerbside"
)

// Sources are what is looked at when somebody asks.
type Sources struct {
	Version string
	Store   kerbside.Store
	Free    func() (bytes uint64, err error) // of the disk that holds the data
}

// Metrics are the counters of one service. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	jobs     *prometheus.HistogramVec
	sound    prometheus.Counter
	leftOver prometheus.Gauge
	missing  prometheus.Gauge
}

// New makes the counters.
func New(s Sources) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "kerbside_http_request_seconds", Help: "Requests by route and status; streams of progress last as long as they are read.",
			Buckets: []float64{.005, .02, .05, .1, .25, .5, 1, 2.5, 10, 60},
		}, []string{"route", "status"}),
		jobs: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "kerbside_job_seconds", Help: "Runs of stages by kind and outcome (done, failed, stopped).",
			Buckets: []float64{.01, .1, .5, 1, 5, 15, 60, 300, 1800, 7200},
		}, []string{"kind", "outcome"}),
		sound: prometheus.NewCounter(prometheus.CounterOpts{Name: "kerbside_transcribed_sound_seconds_total", Help: "Sound that was transcribed."}),
	}
	m.leftOver = prometheus.NewGauge(prometheus.GaugeOpts{Name: "kerbside_left_over_blobs", Help: "Blobs that nothing needed at the last look and that were too young to be removed."})
	m.missing = prometheus.NewGauge(prometheus.GaugeOpts{Name: "kerbside_missing_sound", Help: "Recordings or pieces whose bytes were not there at the last look: more than 0 is a loss."})
	version := prometheus.NewGauge(prometheus.GaugeOpts{Name: "kerbside_info", Help: "The version that runs.", ConstLabels: prometheus.Labels{"version": s.Version}})
	version.Set(1)
	m.registry.MustRegister(m.requests, m.jobs, m.sound, m.leftOver, m.missing, version, &state{s: s}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request counts an answered request.
func (m *Metrics) Request(route string, status int, d time.Duration) {
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(d.Seconds())
}

// Job counts one run of a stage.
func (m *Metrics) Job(kind kerbside.JobKind, outcome string, d time.Duration) {
	m.jobs.WithLabelValues(string(kind), outcome).Observe(d.Seconds())
}

// Sound counts sound that was transcribed.
func (m *Metrics) Sound(d time.Duration) { m.sound.Add(d.Seconds()) }

// Tidied notes what a look through all that is kept found.
func (m *Metrics) Tidied(leftOver, missing int) {
	m.leftOver.Set(float64(leftOver))
	m.missing.Set(float64(missing))
}

// Handler answers a scrape.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// state is read from the store at each scrape.
type state struct{ s Sources }

var (
	jobsWaiting = prometheus.NewDesc("kerbside_jobs", "Jobs by kind and state; aside are those that gave up and wait for a person.", []string{"kind", "state"}, nil)
	diskFree    = prometheus.NewDesc("kerbside_disk_free_bytes", "Free space where the data is.", nil, nil)
	storeUp     = prometheus.NewDesc("kerbside_store_up", "1 when the database answers.", nil, nil)
)

// Describe implements [prometheus.Collector].
func (st *state) Describe(out chan<- *prometheus.Desc) {
	out <- jobsWaiting
	out <- diskFree
	out <- storeUp
}

// Collect implements [prometheus.Collector].
func (st *state) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	var counts []kerbside.JobCount
	err := st.s.Store.View(ctx, func(tx kerbside.Tx) (err error) { counts, err = tx.JobCounts(); return err })
	up := 1.0
	if err != nil {
		up = 0
	}
	out <- prometheus.MustNewConstMetric(storeUp, prometheus.GaugeValue, up)
	for _, c := range counts {
		out <- prometheus.MustNewConstMetric(jobsWaiting, prometheus.GaugeValue, float64(c.N), string(c.Kind), c.State)
	}
	if st.s.Free != nil {
		if free, err := st.s.Free(); err == nil {
			out <- prometheus.MustNewConstMetric(diskFree, prometheus.GaugeValue, float64(free))
		}
	}
}
