// Sends files with tus-js-client: node tus.js CLIENT-FOLDER JOB.json, where a job is
// {endpoint, headers, uploads: [{file, metadata, cut, chunk}], at}: cut aborts each upload once after so many bytes and resumes it; at uploads run side by side.
// It prints one JSON line an upload: {url, bytes, cut, error}.
const fs = require("fs");
const path = require("path");
const tus = require(path.join(process.argv[2], "node_modules", "tus-js-client"));
const job = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));

function send(u) {
  return new Promise((resolve) => {
    const size = fs.statSync(u.file).size;
    let cut = u.cut || 0;
    let resumed = false;
    const start = (url) => {
      const upload = new tus.Upload(fs.createReadStream(u.file), {
        endpoint: job.endpoint, uploadUrl: url, uploadSize: size, metadata: u.metadata, headers: job.headers, chunkSize: u.chunk || 256 * 1024,
        retryDelays: Array(60).fill(0).map((_, i) => Math.min(50 * (i + 1), 500)), storeFingerprintForResuming: false,
        onShouldRetry: (e) => { const s = e.originalResponse ? e.originalResponse.getStatus() : 0; return s === 0 || s === 409 || s === 423 || s === 429 || s >= 500; },
        onProgress: (sent) => {
          if (cut && !resumed && sent >= cut) {
            resumed = true;
            upload.abort().then(() => start(upload.url));
          }
        },
        onError: (e) => resolve({ url: upload.url, error: String(e).slice(0, 300) }),
        onSuccess: () => resolve({ url: upload.url, bytes: size, cut: resumed }),
      });
      upload.start();
    };
    start(null);
  });
}

(async () => {
  const left = job.uploads.slice();
  await Promise.all(Array(Math.min(job.at || 1, left.length)).fill(0).map(async () => {
    for (let u = left.shift(); u; u = left.shift()) process.stdout.write(JSON.stringify({ name: u.metadata.client_id, ...(await send(u)) }) + "\n");
  }));
})();
