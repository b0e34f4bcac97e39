// Package deploy_test holds the files of this folder against what reads them: the types of the Kubernetes API, Compose's own loader, Prometheus' own parsers, and the
// metrics that the program has. None of them can be started here.
package deploy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"

	"kerbside"
	"kerbside/metrics"
)

// kinds are the objects that the manifests may hold.
func kinds() map[string]func() any {
	return map[string]func() any{
		"v1/ConfigMap": func() any { return &corev1.ConfigMap{} }, "v1/Service": func() any { return &corev1.Service{} },
		"apps/v1/Deployment":                     func() any { return &appsv1.Deployment{} },
		"networking.k8s.io/v1/Ingress":           func() any { return &networkingv1.Ingress{} },
		"networking.k8s.io/v1/NetworkPolicy":     func() any { return &networkingv1.NetworkPolicy{} },
		"policy/v1/PodDisruptionBudget":          func() any { return &policyv1.PodDisruptionBudget{} },
		"autoscaling/v2/HorizontalPodAutoscaler": func() any { return &autoscalingv2.HorizontalPodAutoscaler{} },
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestKubernetes decodes every manifest strictly: a field that the API does not know, or knows as something else, is a fault. What names another object names one that is there.
func TestKubernetes(t *testing.T) {
	var config corev1.ConfigMap
	pods := map[string]corev1.PodTemplateSpec{}
	var selectors []map[string]string
	var targets []string
	for _, text := range strings.Split(string(read(t, "kubernetes/kerbside.yaml")), "\n---\n") {
		var head struct{ APIVersion, Kind string }
		if err := yaml.Unmarshal([]byte(text), &head); err != nil {
			t.Fatal(err)
		}
		name := head.APIVersion + "/" + head.Kind
		object := kinds()[name]
		if object == nil {
			t.Errorf("%s is not known here", name)
			continue
		}
		o := object()
		if err := yaml.UnmarshalStrict([]byte(text), o, yaml.DisallowUnknownFields); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		switch o := o.(type) {
		case *corev1.ConfigMap:
			config = *o
		case *appsv1.Deployment:
			pods[o.Name] = o.Spec.Template
			selectors = append(selectors, o.Spec.Selector.MatchLabels)
		case *corev1.Service:
			selectors = append(selectors, o.Spec.Selector)
		case *policyv1.PodDisruptionBudget:
			selectors = append(selectors, o.Spec.Selector.MatchLabels)
		case *networkingv1.NetworkPolicy:
			selectors = append(selectors, o.Spec.PodSelector.MatchLabels)
		case *autoscalingv2.HorizontalPodAutoscaler:
			targets = append(targets, o.Spec.ScaleTargetRef.Name)
		case *networkingv1.Ingress:
			for _, r := range o.Spec.Rules {
				for _, p := range r.HTTP.Paths {
					targets = append(targets, p.Backend.Service.Name)
				}
			}
		}
	}
	if len(pods) != 2 || len(config.Data) == 0 || len(selectors) < 6 {
		t.Fatalf("%d deployments, %d options, %d selectors: something is missing", len(pods), len(config.Data), len(selectors))
	}
	for _, s := range selectors {
		if !slices.ContainsFunc(values(pods), func(p corev1.PodTemplateSpec) bool { return contains(p.Labels, s) }) {
			t.Errorf("nothing has the labels %v", s)
		}
	}
	for _, name := range targets {
		if _, ok := pods[name]; !ok {
			t.Errorf("there is no %s", name)
		}
	}
	for name, p := range pods {
		mounts := map[string]bool{}
		for _, v := range p.Spec.Volumes {
			mounts[v.Name] = true
		}
		for _, c := range p.Spec.Containers {
			for _, m := range c.VolumeMounts {
				if !mounts[m.Name] {
					t.Errorf("%s mounts %s, which is not there", name, m.Name)
				}
			}
			if c.SecurityContext == nil || c.SecurityContext.ReadOnlyRootFilesystem == nil || !*c.SecurityContext.ReadOnlyRootFilesystem {
				t.Errorf("%s may write everywhere", name)
			}
			options := []string{}
			for k, v := range config.Data {
				options = append(options, k+"="+v)
			}
			checkCommand(t, name, c.Args, options)
		}
	}
}

// contains reports whether labels have all of some.
func contains(have, want map[string]string) bool {
	for k, v := range want {
		if have[k] != v {
			return false
		}
	}
	return true
}

func values[K comparable, V any](m map[K]V) (out []V) {
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// TestCompose loads the file as Compose does, with the profile that has everything.
func TestCompose(t *testing.T) {
	o, err := cli.NewProjectOptions([]string{"compose.yaml"}, cli.WithProfiles([]string{"watch", "keys"}), cli.WithName("kerbside"), cli.WithResolvedPaths(true))
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ours := 0
	for _, s := range p.Services {
		for _, v := range s.Volumes {
			if v.Type != "bind" {
				continue
			}
			if _, err := os.Stat(v.Source); err != nil {
				t.Errorf("%s mounts %s, which is not there", s.Name, filepath.Base(v.Source))
			}
		}
		if s.Image != "kerbside:latest" {
			continue
		}
		ours++
		options := []string{}
		for k, v := range s.Environment {
			if v != nil {
				options = append(options, k+"="+*v)
			}
		}
		checkCommand(t, s.Name, s.Command, options)
	}
	if ours != 4 {
		t.Errorf("%d services run Kerbside", ours)
	}
}

// program is the binary that options are checked with.
func program(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../bin/kerbside")
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Fatalf("%v: make build makes it", err)
	}
	return path
}

// checkCommand has the program itself say what is wrong with a command line and an environment.
func checkCommand(t *testing.T, name string, args, options []string) {
	t.Helper()
	if len(args) == 0 || args[0] == "keys" {
		return
	}
	check := append([]string{"config", "check", "--for", args[0]}, args[1:]...)
	cmd := exec.CommandContext(t.Context(), program(t), check...)
	cmd.Env = append([]string{"HOME=" + t.TempDir(), "AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=x"}, options...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
}

// store has a job in each state.
type store struct{ kerbside.Store }

func (s store) View(_ context.Context, f func(kerbside.Tx) error) error { return f(tx{}) }

type tx struct{ kerbside.Tx }

func (tx) JobCounts() ([]kerbside.JobCount, error) {
	return []kerbside.JobCount{{Kind: kerbside.JobTranscribe, State: "queued", N: 1}}, nil
}

// exported are the metrics of the program and their labels, after one of each thing has happened.
func exported(t *testing.T) map[string][]string {
	t.Helper()
	m := metrics.New(metrics.Sources{Version: "test", Store: store{}, Free: func() (uint64, error) { return 1, nil }})
	m.Request("GET /{$}", http.StatusOK, time.Second)
	m.Job(kerbside.JobTranscribe, "done", time.Second)
	m.Sound(time.Second)
	m.Tidied(0, 0)
	answer := httptest.NewRecorder()
	m.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	parsed := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parsed.TextToMetricFamilies(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	target := []string{"job", "instance"} // what Prometheus adds
	have := map[string][]string{"up": target}
	for name, f := range families {
		names := slices.Clone(target)
		for _, l := range f.GetMetric()[0].GetLabel() {
			names = append(names, l.GetName())
		}
		have[name] = names
		if f.GetType() == dto.MetricType_HISTOGRAM {
			have[name+"_bucket"], have[name+"_count"], have[name+"_sum"] = append(slices.Clone(names), "le"), names, names
		}
	}
	return have
}

// expressions are those of the dashboard.
func expressions(t *testing.T) (out []string) {
	t.Helper()
	var d struct {
		Panels []struct {
			Title   string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(read(t, "watch/dashboard.json"), &d); err != nil {
		t.Fatal(err)
	}
	for i, p := range d.Panels {
		if len(p.Targets) == 0 || p.Title == "" || p.GridPos.X+p.GridPos.W > 24 {
			t.Errorf("panel %q shows nothing, or stands outside", p.Title)
		}
		for _, q := range d.Panels[:i] {
			a, b := p.GridPos, q.GridPos
			if a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
				t.Errorf("%q lies over %q", p.Title, q.Title)
			}
		}
		for _, e := range p.Targets {
			out = append(out, e.Expr)
		}
	}
	return out
}

// TestWatch: rules and dashboard are of the language, speak of metrics that the program has, and of routes that it serves.
func TestWatch(t *testing.T) {
	groups, faults := rulefmt.ParseFile("watch/rules.yaml", false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
	for _, f := range faults {
		t.Error(f)
	}
	if groups == nil {
		t.FailNow()
	}
	all := expressions(t)
	recorded := map[string]bool{}
	alerts := 0
	for _, g := range groups.Groups {
		for _, r := range g.Rules {
			all = append(all, r.Expr)
			recorded[r.Record] = true
			if r.Alert != "" {
				alerts++
				if r.Annotations["summary"] == "" || r.Annotations["description"] == "" || r.Labels["severity"] == "" {
					t.Errorf("%s does not say what it is, or to whom", r.Alert)
				}
				for _, heading := range regexp.MustCompile(`docs/runbook\.md, ([^.]+)\)?\.`).FindAllStringSubmatch(r.Annotations["description"], -1) {
					if !strings.Contains(string(read(t, "../docs/runbook.md")), "\n### "+strings.TrimSuffix(heading[1], ")")+"\n") {
						t.Errorf("%s leads to %q of the runbook, which is not there", r.Alert, heading[1])
					}
				}
			}
		}
	}
	if alerts < 8 || len(all) < 25 {
		t.Fatalf("%d alerts, %d expressions", alerts, len(all))
	}
	have, routes := exported(t), string(read(t, "../web/web.go"))
	for _, text := range all {
		e, err := parser.NewParser(parser.Options{}).ParseExpr(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		parser.Inspect(e, func(n parser.Node, _ []parser.Node) error {
			v, ok := n.(*parser.VectorSelector)
			if !ok {
				return nil
			}
			names, ok := have[v.Name]
			if !ok && !recorded[v.Name] {
				t.Errorf("%s: there is no metric %s", text, v.Name)
			}
			for _, m := range v.LabelMatchers {
				if m.Name != labels.MetricName && !slices.Contains(names, m.Name) {
					t.Errorf("%s: %s has no label %s", text, v.Name, m.Name)
				}
				if m.Name == "route" && m.Type == labels.MatchEqual && !strings.Contains(routes, fmt.Sprintf("%q", m.Value)) {
					t.Errorf("%s: there is no route %s", text, m.Value)
				}
			}
			return nil
		})
	}
}
