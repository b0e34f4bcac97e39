package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// writeCertificate makes a certificate for 127.0.0.1 with a serial number, and writes it and its key.
func writeCertificate(t *testing.T, dir string, serial int64) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "kerbside test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, k.Public(), k)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), filePerm); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// TestServeOperations serves by https, behind a trusted proxy, with metrics, from a file of options, and renews its certificate while it runs.
func TestServeOperations(t *testing.T) {
	t.Setenv(asProgram, "1")
	dir := t.TempDir()
	cert, key := writeCertificate(t, dir, 7)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	watched := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "kerbside.toml")
	if err := os.WriteFile(config, fmt.Appendf(nil, "tls-cert = %q\ntls-key = %q\nmetrics-addr = %q\ntrust-proxy = [\"127.0.0.1\"]\n", cert, key, watched), filePerm); err != nil {
		t.Fatal(err)
	}
	worker, _ := serveForTest(t, filepath.Join(dir, "data"), filepath.Join("..", "..", "samples", "visit.ogg"), "--config", config)
	base, _, _ := strings.Cut(worker, "/signin/")
	if !strings.HasPrefix(base, "https://127.0.0.1:") {
		t.Fatalf("the address is %s", base)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // its own certificate
	get := func(url string, want int) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != want {
			t.Fatalf("%s: %s, %v: %s", url, res.Status, err, body)
		}
		return res, string(body)
	}
	res, _ := get(base+"/readyz", http.StatusOK)
	if n := res.TLS.PeerCertificates[0].SerialNumber.Int64(); n != 7 {
		t.Errorf("certificate %d", n)
	}
	get(base+"/visits/v-nobody", http.StatusUnauthorized)
	_, body := get("http://"+watched+"/metrics", http.StatusOK)
	for _, want := range []string{`kerbside_http_request_seconds_count{route="GET /readyz",status="200"} 1`, `kerbside_http_request_seconds_count{route="GET /visits/{id}",status="401"} 1`,
		"kerbside_store_up 1", "kerbside_disk_free_bytes", "kerbside_info{version=", "kerbside_jobs{kind="} {
		if !strings.Contains(body, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if strings.Contains(body, "v-nobody") || strings.Contains(body, "Sample") {
		t.Error("the metrics name somebody")
	}
	writeCertificate(t, dir, 8)
	later := time.Now().Add(time.Second)
	for _, path := range []string{cert, key} {
		if err := os.Chtimes(path, later, later); err != nil {
			t.Fatal(err)
		}
	}
	res, _ = get(base+"/healthz", http.StatusOK)
	if n := res.TLS.PeerCertificates[0].SerialNumber.Int64(); n != 8 {
		t.Errorf("the renewed certificate is not used: %d", n)
	}
	if err := os.WriteFile(cert, []byte("half"), filePerm); err != nil {
		t.Fatal(err)
	}
	get(base+"/healthz", http.StatusOK) // half renewed: the old one goes on
}

// What keeps the server from starting is told, and nothing is left running.
func TestServeFaults(t *testing.T) {
	t.Setenv(asProgram, "1")
	dir := t.TempDir()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	damaged := filepath.Join(dir, "damaged")
	if err := os.MkdirAll(damaged, folderPerm); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(damaged, "audit.key"), []byte("x"), filePerm); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want string
		code int
		args []string
	}{
		{"cannot be listened on", exitFailed, []string{"--data", filepath.Join(dir, "a"), "--addr", taken.Addr().String()}},
		{"key of the audit log is damaged", exitFailed, []string{"--data", damaged}},
		{"it is no folder", exitFailed, []string{"--data", filepath.Join(damaged, "audit.key")}},
		{"HOST:PORT", exitUsage, []string{"--data", filepath.Join(dir, "b"), "--addr", "nowhere"}},
	} {
		var out, errs strings.Builder
		code := run(t.Context(), append([]string{"kerbside", "serve"}, c.args...), strings.NewReader(""), &out, &errs)
		if code != c.code || !strings.Contains(errs.String(), c.want) {
			t.Errorf("%v: %d %s", c.args, code, errs.String())
		}
	}
}
