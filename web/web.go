// Package web is the part that people see: server-rendered pages, the recorder in the browser and the HTTP API under /api.
// It knows the use-cases of package service and nothing of storage or engines. Pages work without JavaScript, except
// recording; the modules under static add to them.
//
// Nothing spoken stands in an address or in a log: requests are logged by their route's pattern only.
package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"kerbside"
	"kerbside/service"
)

// The limits of request bodies, in bytes.
const (
	maxForm     = 1 << 20
	maxChunk    = 8 << 20
	defaultFile = 4 << 30
)

// Config lists everything that the handler depends on. Service is needed.
type Config struct {
	Service *service.Service
	Log     *slog.Logger     // discards when nil
	Now     func() time.Time // time.Now; its location is the one that times are shown in
	// BaseURL is the address that people type, such as "https://kerbside.example.org". Sign-in links begin with it, and
	// cookies are marked Secure when it is https. Empty: taken from each request.
	BaseURL string
	// Proxies are the addresses whose word about who asks, and by https or not, is taken.
	Proxies []netip.Prefix
	// Observe is told of each answered request: the route's pattern, the status and the time. Nil: nobody is.
	Observe func(route string, status int, d time.Duration)
	// Ready reports why the service cannot do its work at the moment; nil: it always can.
	Ready func(context.Context) error
	// MaxFile is the size of an uploaded file in bytes; 4 GiB when 0.
	MaxFile int64
	Limits  Limits
}

type server struct {
	Config
	assets *assets
	tus    http.Handler
	views  *views
	uses   map[string]service.Use // by pattern

	persons, pieces, addresses *paces

	mux      *http.ServeMux
	patterns []string // as they are served
}

// New makes the handler. The caller sets the server's timeouts; handlers that stream extend their own deadlines.
func New(c Config) (http.Handler, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.MaxFile == 0 {
		c.MaxFile = defaultFile
	}
	c.BaseURL = strings.TrimRight(c.BaseURL, "/")
	a, err := loadAssets()
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, "web.New", "", err)
	}
	v, err := loadViews(a, c.Now)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, "web.New", "", err)
	}
	tus, err := newTus(c.Service, c.MaxFile)
	if err != nil {
		return nil, err
	}
	s := &server{Config: c, assets: a, views: v, tus: tus, uses: uses(),
		persons: newPaces(c.Limits.Person), pieces: newPaces(c.Limits.Person * perPiece), addresses: newPaces(c.Limits.Address)}
	s.mux = s.routes()
	return s.observe(s.limited(s.protect(s.mux))), nil
}

func (s *server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	route := func(pattern string, h handler, fail failure) {
		s.patterns = append(s.patterns, pattern)
		mux.Handle(pattern, s.serve(h, fail))
	}
	page := func(pattern string, h handler) { route(pattern, h, s.failPage) }
	api := func(pattern string, h handler) { route(pattern, h, s.failAPI) }
	edit := func(pattern string, h handler) { api(pattern, s.conditional(h)) }

	page("GET /static/{version}/{name}", s.assets.serve)
	page("GET /manifest.webmanifest", s.manifest)
	page("GET /sw.js", s.worker("sw.js"))
	page("GET /sw-send.js", s.worker("sw-send.js"))
	page("GET /healthz", s.healthz)
	page("GET /readyz", s.readyz)

	page("GET /signin", s.signInHelp)
	page("POST /signin", s.signInPassword)
	page("GET /signin/identity", s.identityStart)
	page("GET /signin/identity/back", s.identityBack)
	api("POST /api/signin/passkey/begin", s.passkeySignInBegin)
	api("POST /api/signin/passkey/finish", s.passkeySignInFinish)
	page("GET /signin/{token}", s.signInPage)
	page("POST /signin/{token}", s.signIn)
	page("POST /signout", s.signOut)

	page("GET /{$}", s.home)
	page("GET /record", s.record)
	page("GET /upload", s.uploadPage)
	page("POST /upload", s.upload)
	page("GET /note", s.notePage)
	page("POST /note", s.note)
	page("GET /review", s.toReview)
	page("GET /visits", s.visits)
	page("GET /visits/{id}", s.visit)
	page("GET /visits/{id}/events", s.events)
	page("GET /visits/{id}/versions", s.versions)
	page("POST /visits/{id}/corrections", s.correct)
	page("POST /visits/{id}/undo", s.undo)
	page("POST /visits/{id}/statements", s.answer)
	page("POST /visits/{id}/drafts/{audience}/release", s.release)
	page("POST /visits/{id}/drafts/{audience}/include", s.include)
	page("POST /visits/{id}/proposals", s.decideProposal)
	page("POST /visits/{id}/approve", s.approve)
	page("POST /visits/{id}/review", s.review)
	page("POST /visits/{id}/retry", s.retry)
	page("POST /visits/{id}/case", s.setCase)
	page("GET /visits/{id}/drafts/{audience}", s.export)
	page("GET /visits/{id}/bundle", s.bundle)
	page("POST /visits/{id}/entered", s.entered)
	page("GET /recordings/{id}/audio", s.audio)
	page("POST /alerts/seen", s.seeAlert)
	page("GET /overview", s.overview)
	page("GET /actions", s.actions)
	page("GET /actions.ics", s.calendar)
	page("GET /search", s.searchForm)
	page("POST /search", s.search)
	page("POST /visits/{id}/consent", s.noteConsent)
	page("POST /visits/{id}/consent/withdraw", s.withdrawConsent)
	page("POST /visits/{id}/consent/delete", s.deleteWithdrawn)
	page("POST /visits/{id}/consent/keep", s.keepWithdrawn)
	page("POST /visits/{id}/erase", s.erase)
	page("GET /policies", s.policies)
	page("POST /policies/retention", s.setRetention)
	page("POST /policies/second", s.setSecond)
	page("POST /policies/alerts", s.setAlerts)
	page("GET /policies/receipts", s.receipts)
	page("GET /cases/{id}/keeping", s.caseKeeping)
	page("POST /cases/{id}/holds", s.placeHold)
	page("POST /cases/{id}/holds/end", s.endHold)
	page("POST /cases/{id}/requests", s.prepareSubject)
	page("GET /requests/{id}", s.subject)
	page("POST /requests/{id}/release", s.releaseSubject)
	page("POST /requests/{id}/approve", s.approveSubject)
	page("GET /requests/{id}/bundle", s.subjectBundle)
	page("GET /cases", s.cases)
	page("POST /cases", s.importCases)
	page("GET /cases/{id}", s.briefCase)
	page("GET /cases/{id}/timeline", s.timeline)
	page("GET /cases/{id}/people/{n}", s.mentions)
	page("POST /visits/{id}/ticks", s.tick)
	page("GET /account", s.account)
	page("POST /account/password", s.setPassword)
	page("POST /account/passkeys/{id}/remove", s.removePasskey)
	page("POST /account/sessions/{id}/end", s.endSession)
	page("POST /account/sessions/end", s.endOtherSessions)
	page("POST /account/tokens", s.addToken)
	page("POST /account/tokens/{id}/revoke", s.revokeToken)
	api("POST /api/account/passkeys/begin", s.passkeyBegin)
	api("POST /api/account/passkeys/finish", s.passkeyFinish)
	page("GET /people", s.people)
	page("POST /people", s.invite)
	page("GET /people/{id}", s.person)
	page("POST /people/{id}", s.changePerson)
	page("POST /people/{id}/link", s.newLink)
	page("POST /people/{id}/end", s.endPerson)
	page("POST /people/{id}/signout", s.signOutPerson)
	page("POST /teams", s.putTeam)
	page("GET /admin", s.admin)
	page("GET /admin/templates", s.templates)
	page("GET /admin/templates/{template}", s.template)
	page("GET /admin/terms", s.terms)
	page("POST /admin/terms", s.addTerm)
	page("POST /admin/terms/retire", s.retireTerm)
	page("GET /cases/{id}/terms", s.caseTerms)
	page("POST /cases/{id}/terms", s.addTerm)
	page("POST /cases/{id}/terms/retire", s.retireTerm)
	page("GET /admin/models", s.models)
	page("POST /admin/models/check", s.checkModels)
	page("GET /admin/language-model", s.languageModel)
	page("POST /admin/language-model/test", s.tryLanguageModel)
	page("GET /admin/audit", s.audit)
	page("POST /admin/audit/verify", s.verifyAudit)
	page("GET /admin/audit/heads", s.auditHeads)
	page("GET /admin/health", s.health)
	page("POST /admin/health/read", s.readAll)
	page("POST /admin/health/retry", s.retryAside)
	page("GET /cover", s.coverPage)
	page("POST /cover", s.addCover)
	page("POST /cover/{id}/end", s.endCover)
	page("POST /visits/{id}/reassign", s.reassign)
	page("GET /cases/{id}/restriction", s.restrictionPage)
	page("POST /cases/{id}/restriction", s.restrict)
	page("POST /visits/{id}/oversight", s.oversight)
	page("POST /recordings/{id}/void", s.void)
	page("/", s.nowhere)

	api("GET /api/me", s.apiMe)
	api("POST /api/recordings", s.apiStart)
	api("PUT /api/recordings/{id}/takes/{take}/chunks/{seq}", s.apiChunk)
	api("POST /api/recordings/{id}/finish", s.apiFinish)
	api("PUT /api/recordings/{id}/consents/{n}", s.apiSendConsent)
	api("POST /api/uploads", s.apiUpload)
	api("POST /api/notes", s.apiSendNote)
	api("GET /api/cases", s.apiCases)
	api("POST /api/cases/import", s.apiImportCases)
	edit("PUT /api/visits/{id}/case", s.apiSetCase)
	edit("PUT /api/cases/{id}/restriction", s.apiRestrict)
	api("GET /api/retention", s.apiRetention)
	edit("PUT /api/retention", s.apiSetRetention)
	api("POST /api/retention/preview", s.apiPreviewRetention)
	api("POST /api/retention/run", s.apiRunRetention)
	api("GET /api/receipts", s.apiReceipts)
	api("GET /api/cases/{id}/holds", s.apiHolds)
	api("POST /api/cases/{id}/holds", s.apiPlaceHold)
	api("POST /api/cases/{id}/holds/end", s.apiEndHold)
	api("GET /api/covers", s.apiCovers)
	api("POST /api/covers", s.apiAddCover)
	api("POST /api/covers/{id}/end", s.apiEndCover)
	api("POST /api/visits/{id}/reassign", s.apiReassign)
	page("POST /visits/{id}/addenda", s.addendum)
	api("POST /api/visits/{id}/addenda", s.apiAddendum)
	api("POST /api/visits/{id}/heard", s.apiHeard)
	api("POST /api/visits/{id}/oversight", s.apiOversight)
	edit("POST /api/recordings/{id}/void", s.apiVoid)
	api("POST /api/visits/{id}/dictation", s.apiDictation)
	api("OPTIONS /api/tus/{$}", s.apiTus)
	api("POST /api/tus/{$}", s.apiTus)
	api("HEAD /api/tus/{id}", s.apiTus)
	api("PATCH /api/tus/{id}", s.apiTus)
	api("GET /api/visits", s.apiVisits)
	api("POST /api/visits", s.apiStartVisit)
	api("GET /api/visits/{id}/status", s.apiVisitStatus)
	api("GET /api/visits/{id}/events", s.events)
	api("GET /api/visits/{id}/transcripts/{recording}", s.apiTranscript)
	api("GET /api/visits/{id}/record", s.apiRecord)
	api("GET /api/visits/{id}/drafts/{audience}", s.export)
	api("GET /api/visits/{id}/bundle", s.bundle)
	api("POST /api/visits/{id}/retry", s.apiRetry)
	api("POST /api/visits/{id}/entered", s.apiEntered)
	api("GET /api/recordings", s.apiFindRecording)
	api("GET /api/recordings/{id}", s.apiRecordingStatus)
	api("GET /api/recordings/{id}/audio", s.audio)
	api("GET /api/cases/{id}/restriction", s.apiRestriction)
	api("GET /openapi/{name}", s.contract)
	api("GET /api/visits/{id}", s.apiVisit)
	api("POST /api/visits/{id}/notes", s.apiNote)
	edit("POST /api/visits/{id}/corrections", s.apiCorrect)
	edit("POST /api/visits/{id}/statements", s.apiAnswer)
	edit("POST /api/visits/{id}/drafts/{audience}/release", s.apiRelease)
	edit("POST /api/visits/{id}/drafts/{audience}/include", s.apiInclude)
	edit("POST /api/visits/{id}/drafts/{audience}/reword", s.apiReword)
	edit("POST /api/visits/{id}/items", s.apiStrike)
	page("POST /visits/{id}/items", s.strike)
	page("POST /visits/{id}/drafts/{audience}/reword", s.reword)
	edit("POST /api/visits/{id}/proposals", s.apiDecideProposal)
	api("POST /api/visits/{id}/approve", s.apiApprove)
	api("POST /api/visits/{id}/review", s.apiReview)
	api("GET /api/visits/{id}/history", s.apiHistory)
	api("/api/", s.nowhere)
	return mux
}

func (s *server) nowhere(w http.ResponseWriter, r *http.Request) error {
	if allowed := s.allowed(r); len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		return kerbside.E(codeMethod, "web.nowhere", "This address takes "+strings.Join(allowed, ", ")+" only.", nil)
	}
	return kerbside.E(kerbside.CodeNotFound, "web.nowhere", "There is nothing at this address. Go back to your visits and try from there.", nil)
}

// allowed are the methods that a path is known for.
func (s *server) allowed(r *http.Request) []string {
	var out []string
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions} {
		q := r.WithContext(r.Context())
		q.Method = m
		if _, pattern := s.mux.Handler(q); strings.Contains(pattern, " ") {
			out = append(out, m)
		}
	}
	return out
}

func (s *server) healthz(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(w, "ok\n")
	return err
}

// readyz tells a proxy whether to send requests here. Why not is in the log, not in the answer, which anybody can read.
func (s *server) readyz(w http.ResponseWriter, r *http.Request) error {
	if s.Ready != nil {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		if err := s.Ready(ctx); err != nil {
			s.logFailure(r, err)
			http.Error(w, "not ready", http.StatusServiceUnavailable)
			return nil
		}
	}
	return s.healthz(w, r)
}

func (s *server) manifest(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/manifest+json")
	return writeJSON(w, map[string]any{
		"name": "Kerbside", "short_name": "Kerbside", "start_url": "/record", "scope": "/", "display": "standalone",
		"background_color": "#f4f3ee", "theme_color": "#0c4a44", //nolint:misspell // the format is American
		"icons": []map[string]string{
			{"src": s.assets.url("mark.svg"), "sizes": "any", "type": "image/svg+xml"},
			{"src": s.assets.url("icon-192.png"), "sizes": "192x192", "type": "image/png"},
			{"src": s.assets.url("icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
		},
	})
}
