// The level of the microphone as bars and a halo; quiet when motion is not wanted.

const $ = (id) => document.getElementById(id);

// meter draws until over() is true; level 0 while recording() is false.
export function meter(stream, recording, over) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const bars = [...$("bars").children];
  const levels = bars.map(() => 0);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  $("bars").classList.add("live");
  let before = 0;
  const draw = (now) => {
    if (over()) {
      context.close();
      $("bars").classList.remove("live");
      $("halo").style.transform = "";
      bars.forEach((b) => { b.style.transform = ""; });
      return;
    }
    requestAnimationFrame(draw);
    if (now - before < (still ? 400 : 80)) return;
    before = now;
    analyser.getFloatTimeDomainData(samples);
    const rms = recording() ? Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length) : 0;
    const level = Math.max(0, Math.min(1, 1 + Math.log10(rms + 1e-4) / 2.5));
    levels.push(level);
    levels.shift();
    bars.forEach((b, i) => { b.style.transform = `scaleY(${0.08 + 0.92 * levels[i]})`; });
    if (!still) $("halo").style.transform = `scale(${0.86 + 0.14 * level})`;
  };
  requestAnimationFrame(draw);
}
