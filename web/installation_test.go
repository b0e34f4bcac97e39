package web_test

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"kerbside"
	"kerbside/service"
)

// fakeInstallation is what is looked after in these tests.
type fakeInstallation struct {
	faults   []string
	language service.LanguageModelInfo
	fails    bool
	sent     atomic.Int32
}

var _ service.Installation = (*fakeInstallation)(nil)

func (f *fakeInstallation) Templates() []service.TemplateInfo {
	return []service.TemplateInfo{{Name: "family", Version: "3", Title: "What we talked about", Audience: kerbside.AudienceFamily}, {Name: "court", Version: "2", Title: "For the court", Audience: kerbside.AudienceCourt, File: "court.tmpl"}}
}

func (f *fakeInstallation) Template(name string) (string, bool) {
	return "---\naudience: family\n---\n## What we talked about\n<script>alert(1)</script>\n", name == "family"
}

func (f *fakeInstallation) TemplateFaults() ([]string, error) { return f.faults, nil }

func (f *fakeInstallation) Models(_ context.Context, read bool) ([]service.ModelInfo, error) {
	list := []service.ModelInfo{
		{Name: "base-q8_0", SHA256: "aa", Bytes: 82 << 20, Licence: "MIT", Installed: true, Uses: []string{"preset accurate, which is set"}},
		{Name: "silero-vad", Bytes: 1 << 20, Uses: []string{"finding speech"}},
	}
	if read {
		list[0].Checked, list[0].CheckedAt = "ok", time.Now()
	}
	return list, nil
}

func (f *fakeInstallation) LanguageModel() service.LanguageModelInfo { return f.language }

func (f *fakeInstallation) TryLanguageModel(context.Context) (service.LanguageModelTry, error) {
	f.sent.Add(1)
	if f.fails {
		return service.LanguageModelTry{}, kerbside.E(kerbside.CodeUnavailable, "fake", "The language model could not be used.", errors.New("refused"))
	}
	return service.LanguageModelTry{Answer: `{"answer":"The weather."}`, Took: 1200 * time.Millisecond}, nil
}

func (f *fakeInstallation) Engine() service.EngineHealth {
	return service.EngineHealth{Running: true, Name: "whisper.cpp", Version: "1.9.1", Model: "base-q8_0", Preset: "accurate", States: 2, Device: "Vulkan0 (a card)", CPU: "AVX = 1 AVX2 = 1"}
}

func (f *fakeInstallation) Space(context.Context) (service.Space, error) {
	return service.Space{Free: 3 << 30, Total: 40 << 30, Where: "/var/lib/kerbside"}, nil
}

func (f *fakeInstallation) ReadAll(context.Context) (service.ReadReport, error) {
	return service.ReadReport{Blobs: 3, Documents: 9, Faults: []string{"damaged: recording r-9"}}, nil
}
