namespace AnalogHil.Daemon.Reports;

/// <summary>The page's look, light and dark. Series differ in shape as well as in colour, so that they survive grey printing.</summary>
internal static class ReportStyle
{
    /// <summary>Content of the style element.</summary>
    public const string Css = """
        :root {
          color-scheme: light dark;
          --page: #f6f7f9; --card: #ffffff; --ink: #1b2430; --soft: #586474; --line: #d9dee6; --grid: #e9ecf1;
          --learned: #1f6fd6; --uniform: #b45309; --third: #0f8066; --fourth: #7a4fc0; --band: #1f6fd622; --limit: #c02a3c;
          --good: #11703f; --good-bg: #e2f4ea; --bad: #a3182b; --bad-bg: #fbe6e8; --unsure: #8a5300; --unsure-bg: #fdf1dc;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #12161c; --card: #1a2029; --ink: #e7ecf3; --soft: #a2aebd; --line: #323b48; --grid: #28303b;
            --learned: #6aa9ff; --uniform: #f0a35c; --third: #4fcfae; --fourth: #bb9cf5; --band: #6aa9ff2b; --limit: #ff7c8a;
            --good: #6fdca0; --good-bg: #16321f; --bad: #ff909d; --bad-bg: #3b1a20; --unsure: #ffc46b; --unsure-bg: #392a10;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; font-variant-numeric: tabular-nums; }
        main { max-width: 1120px; margin: 0 auto; padding: 32px 20px 64px; }
        h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 4px; }
        h2 { font-size: 1.15rem; margin: 0 0 12px; }
        h3 { font-size: 1rem; margin: 20px 0 8px; }
        p { margin: 0 0 12px; max-width: 75ch; }
        .sub { color: var(--soft); margin-bottom: 20px; }
        section, .verdict { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 20px 22px; margin: 0 0 18px; }
        .verdict { border-left-width: 8px; }
        .verdict strong { display: block; font-size: 1.5rem; letter-spacing: .02em; }
        .verdict p { margin: 4px 0 0; }
        .good { border-left-color: var(--good); background: var(--good-bg); } .good strong { color: var(--good); }
        .bad { border-left-color: var(--bad); background: var(--bad-bg); } .bad strong { color: var(--bad); }
        .unsure { border-left-color: var(--unsure); background: var(--unsure-bg); } .unsure strong { color: var(--unsure); }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 14px; margin: 0 0 18px; }
        .tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 18px; }
        .tile span { display: block; color: var(--soft); font-size: .86rem; }
        .tile b { display: block; font-size: 1.5rem; line-height: 1.3; font-weight: 650; }
        .row { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 8px 26px; align-items: start; }
        .small { grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); }
        figure { margin: 0 0 14px; }
        figcaption, .note { color: var(--soft); font-size: .86rem; line-height: 1.45; max-width: 72ch; padding-top: 4px; }
        svg { display: block; width: 100%; height: auto; max-width: 640px; }
        .table { overflow-x: auto; margin: 0 0 14px; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; }
        caption { text-align: left; color: var(--soft); font-size: .86rem; padding: 0 0 6px; }
        th, td { padding: 5px 24px 5px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; white-space: nowrap; }
        th:last-child, td:last-child { padding-right: 0; }
        thead th { color: var(--soft); font-weight: 600; border-bottom-width: 2px; white-space: normal; vertical-align: bottom; }
        tbody th { font-weight: 500; }
        th.n, td.n { text-align: right; }
        .facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 330px), 1fr)); gap: 2px 28px; margin: 0 0 12px; font-size: .92rem; }
        .facts div { display: flex; gap: 10px; justify-content: space-between; border-bottom: 1px solid var(--grid); padding: 3px 0; }
        .facts dt { color: var(--soft); flex: none; } .facts dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
        ul { margin: 0 0 12px; padding-left: 1.2em; max-width: 78ch; }
        code, .hash { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .82em; overflow-wrap: anywhere; }
        footer { color: var(--soft); font-size: .86rem; }
        svg text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", Arial, sans-serif; font-variant-numeric: tabular-nums; }
        svg .tick { fill: var(--soft); font-size: 11.5px; } svg .name { fill: var(--soft); }
        svg .head { font-weight: 600; font-size: 13px; }
        svg .grid { stroke: var(--grid); } svg .axis { stroke: var(--soft); }
        svg .limit { stroke: var(--limit); stroke-width: 1.5; stroke-dasharray: 6 4; } svg text.limit { fill: var(--limit); stroke: none; }
        svg .band { fill: var(--band); }
        svg .s0 { stroke: var(--learned); } svg .s1 { stroke: var(--uniform); } svg .s2 { stroke: var(--third); } svg .s3 { stroke: var(--fourth); }
        svg .f0 { fill: var(--learned); } svg .f1 { fill: var(--uniform); } svg .f2 { fill: var(--third); } svg .f3 { fill: var(--fourth); }
        svg .fill0 { fill: var(--learned); fill-opacity: .16; } svg .fill1 { fill: var(--uniform); fill-opacity: .16; }
        svg .fill2 { fill: var(--third); fill-opacity: .16; } svg .fill3 { fill: var(--fourth); fill-opacity: .16; }
        svg .open { fill: var(--card); } svg .line { fill: none; stroke-width: 2; } svg .thin { stroke-width: 1.5; } svg .faint { stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 2 4; fill: none; }
        svg .ring { fill: none; stroke-width: 2; stroke: var(--ink); }
        @media print { body { background: none; } section, .verdict, .tile { break-inside: avoid; border-color: #bbb; } }
        """;
}
