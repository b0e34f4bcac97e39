// Command capacity reckons from measured service times how many machines a number of organisations needs, what they cost, and what fills up first. Two things are simulated, not
// multiplied: how many cores keep the wait for drafts short while dictations come in at random through a working day, and what the busiest minute asks of the database.
//
//	capacity [-orgs 1,150,10000] [-seed 1]
//
// Every figure is in one table below: measured ones name the command that prints them, the others are assumptions to be replaced by one's own.
package main

import (
	"container/heap"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
)

// figure is one number that the model rests on.
type figure struct {
	name  string
	value float64
	from  string // the command that prints it, or "assumed: why"
}

// figures are the model's own copy, so that an option may change one.
func figures() []figure {
	return []figure{
		{"speech_per_core_second", 15.7, "make bench: 456 s of speech in 29.1 s of CPU time, accurate (README, 2 cores of an AMD EPYC with AVX-512)"},
		{"noise", 1.5, "assumed: phones in cars take more windows twice than the clips of make bench"},
		{"sound_bytes_per_second", 3003, "samples/visit.ogg: 180,203 bytes for 60 s; phones send 4,000 to 8,000"},
		{"piece_seconds", 2, "the recorder's pieces (ARCHITECTURE.md, the path of one recording)"},
		{"jobs_per_visit", 5, "listen, transcribe, extract, draft, and one of them again"},
		{"commits_per_visit", 40, "assumed: jobs, drafts, pages and taps; pieces of sound come on top, one each"},
		{"rows_bytes_per_visit", 150_000, "assumed: record and six drafts in a few versions, sealed and as base64"},
		{"workers_per_org", 220, "assumed: about 33,000 child and family social workers for 150 councils"},
		{"visits_per_worker_day", 1.2, "assumed"},
		{"dictation_minutes", 7, "assumed: the mean; each is drawn from a lognormal with sigma 0.6"},
		{"working_days", 250, "assumed"},
		{"peak_share", 0.2, "assumed: share of a day's dictations in its busiest hour"},
		{"wait_seconds", 60, "wanted: 95 of 100 dictations have their drafts so long after the last word, though nobody listened to them"},
		{"db_commits_per_second", 8000, "assumed: a primary with 16 cores, NVMe and a standby that confirms; measure yours with pgbench -N"},
		{"db_jobs_per_second", 200, "make prove-jobs: on two cores that the workers share, jobs that commit 8 KB"},
		{"years_kept", 1, "assumed: of sound; a policy of yours says"},
		{"core_month", 25, "assumed price: a virtual core with 4 GiB, a month, GBP"},
		{"db_month", 600, "assumed price: a managed PostgreSQL with 8 cores and a standby, a month, GBP; the smallest is a tenth"},
		{"tb_month", 20, "assumed price: a TB in a bucket, a month, GBP"},
	}
}

func main() {
	orgs := flag.String("orgs", "1,150,10000", "how many organisations, several by commas")
	seed := flag.Uint64("seed", 1, "of the arrivals")
	list := figures()
	values := map[string]*float64{}
	for i := range list {
		values[list[i].name] = &list[i].value
		flag.Float64Var(&list[i].value, list[i].name, list[i].value, list[i].from)
	}
	flag.Parse()
	for _, f := range list {
		fmt.Printf("%-24s %10.4g  %s\n", f.name, f.value, f.from)
	}
	for _, text := range strings.Split(*orgs, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			fmt.Fprintf(os.Stderr, "orgs: %q is no number\n", text)
			os.Exit(2)
		}
		m := model{n: n, v: func(name string) float64 { return *values[name] }, r: rand.New(rand.NewPCG(*seed, uint64(n)))} //nolint:gosec // arrivals, not secrets
		m.print()
	}
}

type model struct {
	n int
	v func(string) float64
	r *rand.Rand
}

// job is a dictation in the busiest hour: when its last word was said, and the core seconds that it takes.
type job struct{ at, work float64 }

// hour draws the dictations of the busiest hour, after half an hour of the same to begin with; at most so many organisations' are drawn, which is enough for the law of large numbers.
func (m *model) hour(orgs int) (jobs []job) {
	rate := float64(orgs) * m.v("workers_per_org") * m.v("visits_per_worker_day") * m.v("peak_share") / 3600
	const sigma = 0.6
	mu := math.Log(m.v("dictation_minutes")*60) - sigma*sigma/2
	for at := 0.0; at < 5400; at += m.r.ExpFloat64() / rate {
		seconds := math.Exp(mu + sigma*m.r.NormFloat64())
		jobs = append(jobs, job{at, seconds * m.v("noise") / m.v("speech_per_core_second")})
	}
	return jobs
}

// free are the times at which workers are free.
type free []float64

func (f free) Len() int           { return len(f) }
func (f free) Less(i, j int) bool { return f[i] < f[j] }
func (f free) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *free) Push(x any)        { *f = append(*f, x.(float64)) }
func (f *free) Pop() any          { old := *f; x := old[len(old)-1]; *f = old[:len(old)-1]; return x }

// perJob is how many cores work at one recording: windows of one run side by side.
const perJob = 2

// wait95 is how long 95 of 100 wait from their last word to their transcript when so many cores work, first come, first served.
func wait95(jobs []job, cores int) float64 {
	workers := make(free, max(1, cores/perJob))
	heap.Init(&workers)
	var waits []float64
	for _, j := range jobs {
		start := max(j.at, workers[0])
		workers[0] = start + j.work/perJob
		heap.Fix(&workers, 0)
		if j.at > 1800 {
			waits = append(waits, start+j.work/perJob-j.at)
		}
	}
	slices.Sort(waits)
	if len(waits) == 0 {
		return 0
	}
	return waits[len(waits)*95/100]
}

func (m *model) print() {
	const mostSimulated = 500
	some := min(m.n, mostSimulated)
	jobs := m.hour(some)
	cores := perJob
	for wait95(jobs, cores) > m.v("wait_seconds") {
		cores += max(perJob, cores/50/perJob*perJob)
	}
	wait := wait95(jobs, cores)
	cores = int(math.Ceil(float64(cores) * float64(m.n) / float64(some)))
	cores = max(cores, 2*perJob) // two machines, so that one may go

	visitsDay := float64(m.n) * m.v("workers_per_org") * m.v("visits_per_worker_day")
	peak := visitsDay * m.v("peak_share") / 3600 // a second
	pieces := m.v("dictation_minutes") * 60 / m.v("piece_seconds")
	commits, jobRate := peak*(pieces+m.v("commits_per_visit")), peak*m.v("jobs_per_visit")
	year := visitsDay * m.v("working_days")
	tb := year * m.v("years_kept") * m.v("dictation_minutes") * 60 * m.v("sound_bytes_per_second") / 1e12
	rows := year * m.v("years_kept") * m.v("rows_bytes_per_visit") / 1e12

	// What one database carries decides how many installations there are: organisations never meet, so they may be divided.
	loads := []struct {
		name  string
		share float64
	}{{"commits a second on PostgreSQL, mostly pieces of sound", commits / m.v("db_commits_per_second")}, {"jobs a second on PostgreSQL", jobRate / m.v("db_jobs_per_second")}}
	slices.SortFunc(loads, func(a, b struct {
		name  string
		share float64
	}) int {
		return int(math.Copysign(1, b.share-a.share))
	})
	cells := int(math.Ceil(loads[0].share / 0.7)) // the rest is for what was not thought of
	web := max(2*cells, int(math.Ceil(peak*(pieces+100)/150))*2)
	database := m.v("db_month") * float64(cells)
	if loads[0].share < 0.05 {
		database /= 10
	}
	month := float64(cores+web)*m.v("core_month") + database + (tb+rows)*m.v("tb_month")

	bottleneck := "nothing: the smallest machines do, two of each so that one may go"
	switch {
	case cells > 1:
		bottleneck = loads[0].name
	case cores > 2*perJob:
		bottleneck = "cores that transcribe"
	}
	fmt.Printf("\n%d organisations: %.0f visits a day, %.2f a second in the busiest hour\n", m.n, visitsDay, peak)
	fmt.Printf("  cores that transcribe    %d (95 of 100 wait at most %.0f s, were nobody to listen while they speak)\n", cores, wait)
	fmt.Printf("  cores of web nodes       %d\n", web)
	fmt.Printf("  databases                %d, at %.0f %% of their commits (%.0f a second in all) and %.0f %% of their jobs (%.1f a second)\n", cells,
		100*commits/m.v("db_commits_per_second")/float64(cells), commits, 100*jobRate/m.v("db_jobs_per_second")/float64(cells), jobRate)
	fmt.Printf("  sound                    %.2f TB a year; rows %.2f TB\n", tb, rows)
	fmt.Printf("  a month                  GBP %.0f, GBP %.2f an organisation\n", month, month/float64(m.n))
	fmt.Printf("  first bottleneck         %s\n", bottleneck)
}
