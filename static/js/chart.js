// Charts from JSON in the page: {kind: bar|line, labels, stack, series: [{name, values, tone}]};
// `tones` instead of `tone` gives each bar its own.
// The table below says the same and is all there is without script.

const TONES = ["going", "settled", "held", "late", "ink-soft"];

const colour = (tone) => {
  const probe = document.createElement("i");
  probe.className = `tone-${tone}`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = found;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
  return `rgb(${r},${g},${b})`;
};

const load = (source) => new Promise((done, failed) => {
  if (globalThis.echarts) return done();
  const script = document.createElement("script");
  script.src = source;
  script.onload = done;
  script.onerror = failed;
  document.head.append(script);
});

const figure = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" });

const options = ({ kind, labels, stack, series }) => {
  const text = { color: colour("ink-soft"), fontFamily: getComputedStyle(document.body).fontFamily };
  const grid = { lineStyle: { color: colour("line") } };
  return {
    animation: false,
    textStyle: text,
    grid: { left: 8, right: 8, top: series.length > 1 ? 32 : 12, bottom: 4, containLabel: true },
    legend: series.length > 1 ? { top: 0, left: 0, textStyle: text, icon: "roundRect" } : undefined,
    tooltip: { trigger: "axis", appendToBody: false, renderMode: "richText" },
    xAxis: { type: "category", data: labels, axisLine: grid, axisTick: { show: false }, axisLabel: { ...text, interval: kind === "bar" ? 0 : "auto" } },
    yAxis: { type: "value", splitLine: grid, axisLabel: { ...text, formatter: (v) => figure.format(v) } },
    series: series.map(({ name, values, tone, tones }, i) => ({
      name, type: kind, stack: stack ? "all" : undefined, showSymbol: false,
      data: tones ? values.map((value, n) => ({ value, itemStyle: { color: colour(tones[n]) } })) : values,
      barMaxWidth: 36, itemStyle: { color: colour(tone ?? TONES[i]), borderRadius: stack ? 0 : [3, 3, 0, 0] },
    })),
  };
};

export const start = async (root) => {
  for (const place of root.querySelectorAll("[data-chart]:not([data-drawn])")) {
    place.dataset.drawn = "";
    await load(place.dataset.echarts);
    const wanted = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    place.hidden = false;
    place.parentElement.querySelector(".chart-table").open = false;
    const chart = echarts.init(place, null, { renderer: "canvas" });
    const draw = () => chart.setOption(options(wanted), true);
    draw();
    new ResizeObserver(() => chart.resize()).observe(place);
    new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  }
};
