"use strict";

// Draws the table of a run's throughput as a chart. The table is there without a script, and for whoever does not see the chart.
(function () {
  var chart = null;
  var drawn = null;

  function colour(name) {
    return window.getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function numbers(rows, name) {
    return rows.map(function (row) {
      return Number(row.getAttribute(name));
    });
  }

  function axis(more) {
    return Object.assign({ stroke: colour("--kvb-soft"), grid: { stroke: colour("--kvb-line") }, ticks: { stroke: colour("--kvb-line") } }, more);
  }

  function draw() {
    var place = document.getElementById("rates-chart");
    var table = document.querySelector("table[data-rates]");
    if (chart) {
      chart.destroy();
      chart = null;
    }
    drawn = table;
    if (!place || !table || !window.uPlot) {
      return;
    }
    var rows = Array.from(table.querySelectorAll("tr[data-at]"));
    var budget = Number(table.getAttribute("data-budget"));
    place.hidden = false;
    place.setAttribute("aria-label", table.getAttribute("data-label"));
    var data = [numbers(rows, "data-at"), numbers(rows, "data-objects"), numbers(rows, "data-units")];
    var series = [
      {},
      { label: "objects a second", stroke: colour("--kvb-busy"), width: 2, points: { show: rows.length < 30 } },
      { label: "requests a second", stroke: colour("--kvb-good"), width: 2, dash: [6, 4], points: { show: rows.length < 30 } },
    ];
    if (budget > 0) {
      data.push(rows.map(function () { return budget; }));
      series.push({ label: "budget", stroke: colour("--kvb-warn"), width: 1, dash: [2, 4], points: { show: false } });
    }
    chart = new window.uPlot(
      {
        width: place.clientWidth,
        height: 240,
        scales: { y: { range: function (plot, least, most) { return [0, Math.max(1, most * 1.1)]; } } },
        axes: [axis({}), axis({})],
        series: series,
      },
      data,
      place
    );
  }

  function drawWhatIsNew() {
    if (document.querySelector("table[data-rates]") !== drawn) {
      draw();
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    draw();
    ["htmx:afterSwap", "htmx:sseMessage"].forEach(function (swapped) {
      document.body.addEventListener(swapped, drawWhatIsNew);
    });
    window.addEventListener("resize", draw);
    new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  });
})();
