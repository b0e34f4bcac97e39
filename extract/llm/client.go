package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	openai "github.com/sashabaranov/go-openai"

	"kerbside"
)

const (
	maxBody   = 4 << 20   // bytes of one response, protocol included
	maxAnswer = 256 << 10 // bytes of one answer
)

// client speaks with one host and no other.
type client struct {
	base *url.URL
	api  *openai.Client
	tell atomic.Bool // the endpoint takes no schema beside a question
}

func newClient(address, key string) (*client, error) {
	const op = "llm.New"
	base, err := url.Parse(strings.TrimSpace(address))
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "The address of the language model must look like http://127.0.0.1:8080/v1. Give it with --llm-url or KERBSIDE_LLM_URL.", nil)
	}
	if base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "The address of the language model must hold no user, password or query. Give a key with KERBSIDE_LLM_KEY.", nil)
	}
	if strings.Trim(base.Path, "/") == "" {
		base.Path = "/v1"
	}
	config := openai.DefaultConfig(key)
	config.BaseURL = strings.TrimRight(base.String(), "/")
	config.HTTPClient = newHTTP(base)
	return &client{base: base, api: openai.NewClientWithConfig(config)}, nil
}

func newHTTP(base *url.URL) *http.Client {
	transport, ok := http.DefaultTransport.(*http.Transport)
	if ok {
		transport = transport.Clone()
	} else {
		transport = &http.Transport{}
	}
	if base.Scheme == "http" {
		transport.Proxy = nil // a proxy would read what is sent; through TLS it cannot
	}
	transport.DisableCompression = true // what is limited is what arrives
	transport.MaxResponseHeaderBytes = 64 << 10
	return &http.Client{
		Transport: limited{transport},
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			if next.URL.Scheme != base.Scheme || next.URL.Host != base.Host || len(via) > 3 {
				return errRedirect
			}
			return nil
		},
	}
}

// limited bounds what a response may hold.
type limited struct{ next http.RoundTripper }

func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	response.Body = &bounded{body: response.Body, left: maxBody}
	return response, nil
}

type bounded struct {
	body io.ReadCloser
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.body.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func (b *bounded) Close() error { return b.body.Close() }

// caution says what an operator should know about where the words go.
func (c *client) caution() string {
	host := c.base.Hostname()
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() || host == "localhost" {
		return ""
	}
	text := fmt.Sprintf("What is dictated will be sent to %s, which is another machine. Be sure that your organisation allows that.", c.base.Host)
	if c.base.Scheme == "http" {
		text += " The way there is not encrypted."
	}
	return text
}

// request is one question.
type request struct {
	model, system, user string
	most                int // tokens of the answer
	seed                int
	schema              json.RawMessage // of the answer; nil is that of proposals
	form                string          // its name
	told                bool            // the schema stands in the question, since the endpoint takes none
}

// tokens estimates what the question costs; a token of English is about four bytes, and the estimate is on the safe side.
func (q request) tokens() int { return (len(q.system)+len(q.user))/3 + 20 }

// tell has the schema stand in the question: for endpoints that refuse it beside the question.
func (q request) tell() request {
	schema := q.schema
	if schema == nil {
		schema = answerSchema()
	}
	q.told, q.system = true, q.system+"\n\nThe form of the answer, as a JSON Schema:\n"+string(schema)
	return q
}

func (q request) api() openai.ChatCompletionRequest {
	out := openai.ChatCompletionRequest{
		Model:         q.model,
		Messages:      []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleSystem, Content: q.system}, {Role: openai.ChatMessageRoleUser, Content: q.user}},
		MaxTokens:     q.most,                      //nolint:staticcheck // Ollama and others know the older name only
		Temperature:   math.SmallestNonzeroFloat32, // the library leaves 0 out, and servers then take 1
		Seed:          &q.seed,
		Stream:        true,
		StreamOptions: &openai.StreamOptions{IncludeUsage: true},
		ResponseFormat: &openai.ChatCompletionResponseFormat{Type: openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: "proposals", Strict: true, Schema: answerSchema()}},
	}
	if q.schema != nil {
		out.ResponseFormat.JSONSchema.Name, out.ResponseFormat.JSONSchema.Schema = q.form, q.schema
	}
	if q.told {
		out.ResponseFormat = nil
	}
	if openai.NewReasoningValidator().Validate(out) != nil { // models that count their thoughts, and choose their temperature
		out.MaxCompletionTokens, out.Temperature = q.most, 0
		out.MaxTokens = 0 //nolint:staticcheck // as above
	}
	return out
}

// stream asks and gathers the answer; used is what it cost in tokens, or 0 when the endpoint does not say. An endpoint that finds a question bad
// is asked once more with the schema in the question, and from then on in this way when that helped.
func (c *client) stream(ctx context.Context, q request, progress func(tokens int)) (text string, used int, err error) {
	if c.tell.Load() {
		return c.streamOnce(ctx, q.tell(), progress)
	}
	text, used, err = c.streamOnce(ctx, q, progress)
	var f *failure
	if !errors.As(err, &f) || f.kind != kindStatus || f.status != http.StatusBadRequest && f.status != http.StatusUnprocessableEntity {
		return text, used, err
	}
	told, used, again := c.streamOnce(ctx, q.tell(), progress)
	if errors.As(again, &f) && f.kind == kindStatus {
		return "", 0, err
	}
	c.tell.Store(true)
	return told, used, again
}

func (c *client) streamOnce(ctx context.Context, q request, progress func(tokens int)) (text string, used int, err error) {
	s, err := c.api.CreateChatCompletionStream(ctx, q.api())
	if err != nil {
		return "", 0, failed(ctx, err)
	}
	defer func() { _ = s.Close() }()
	var b strings.Builder
	var end openai.FinishReason
	pieces := 0
	for {
		r, err := s.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", used, failed(ctx, err)
		}
		if r.Usage != nil {
			used = max(0, min(r.Usage.TotalTokens, math.MaxInt32))
		}
		for _, choice := range r.Choices {
			if choice.Index != 0 {
				continue
			}
			if choice.FinishReason != "" {
				end = choice.FinishReason
			}
			if choice.Delta.Content == "" {
				continue
			}
			if b.Len()+len(choice.Delta.Content) > maxAnswer {
				return "", used, &failure{kind: kindSize}
			}
			b.WriteString(choice.Delta.Content)
			pieces++
			kerbside.Beat(ctx)
			progress(pieces)
		}
	}
	if b.Len() == 0 {
		return "", used, &failure{kind: kindForm}
	}
	if end == openai.FinishReasonLength || end == "" && !strings.HasSuffix(strings.TrimSpace(b.String()), "}") {
		return "", used, &failure{kind: kindCutOff}
	}
	return b.String(), used, nil
}
