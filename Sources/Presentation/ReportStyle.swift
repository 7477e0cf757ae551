import Results

/// The style sheet of a report: light and dark by what the reader's system prefers, light on paper.
enum ReportStyle {
  static var css: String {
    """
    :root { color-scheme: light dark; \(properties(\.light)) }
    @media screen and (prefers-color-scheme: dark) { :root { \(properties(\.dark)) } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, "DejaVu Sans", "Liberation Sans", Arial, sans-serif; }
    main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .3rem; overflow-wrap: anywhere; }
    h2 { font-size: 1.35rem; margin: 2.5rem 0 .8rem; padding-top: .8rem; border-top: 1px solid var(--grid); }
    h3 { font-size: 1.1rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
    a { color: var(--link); }
    a:focus-visible, summary:focus-visible, .wide:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    .kind, .note, .about, caption { color: var(--muted); }
    .kind, .note { margin: .2rem 0; font-size: .9rem; }
    .lead { font-size: 1.15rem; font-weight: 600; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .7rem; margin: 0; }
    .figures div { background: var(--surface); border: 1px solid var(--grid); border-radius: .5rem;
      padding: .7rem .9rem; }
    .figures dt { color: var(--muted); font-size: .9rem; }
    .figures dd { margin: 0; font-size: 1.45rem; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
    .figures dd.about { font-size: .9rem; font-weight: 400; }
    figure { margin: 0 0 2.2rem; }
    figure svg { display: block; width: 100%; min-width: 38rem; height: auto; color: var(--ink); }
    figure svg text { font-family: system-ui, "DejaVu Sans", "Liberation Sans", Arial, sans-serif; }
    .chart { height: 26rem; width: 100%; }
    .live .picture { display: none; }
    figcaption { margin: .4rem 0; }
    .wide { overflow-x: auto; }
    details { margin: .4rem 0; }
    summary { cursor: pointer; color: var(--link); }
    table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; margin: .4rem 0; }
    caption { text-align: left; padding: .2rem 0; }
    th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid var(--grid); white-space: nowrap; }
    th { background: var(--surface); font-weight: 600; }
    .n { text-align: right; }
    code, pre { font-family: ui-monospace, "DejaVu Sans Mono", "Liberation Mono", monospace; font-size: .85rem; }
    code { overflow-wrap: anywhere; white-space: normal; }
    pre { background: var(--surface); border: 1px solid var(--grid); border-radius: .5rem; padding: .8rem;
      overflow-x: auto; }
    .facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; margin: 0 0 1rem; }
    .facts dt { color: var(--muted); }
    .facts dd { margin: 0; overflow-wrap: anywhere; }
    @media (max-width: 30rem) {
      h1 { font-size: 1.5rem; }
      .facts { grid-template-columns: 1fr; gap: 0; }
      .facts dd { margin-bottom: .5rem; }
      .figures { grid-template-columns: 1fr 1fr; }
      .figures dd { font-size: 1.15rem; }
    }
    @media print {
      @page { margin: 1.5cm; }
      body { font-size: 10pt; }
      main { max-width: none; padding: 0; }
      figure, .figures div, tr { break-inside: avoid; }
      h2, h3 { break-after: avoid; }
      figure svg { min-width: 0; max-height: 8.4cm; }
      .chart { display: none; }
      .live .picture { display: block; }
      .broad table { display: none; }
      .broad::before { content: "This table is too wide for paper."; color: var(--muted); }
      .wide { overflow: visible; }
      table { font-size: 7.5pt; }
      th, td { padding: .1rem .3rem; white-space: normal; overflow-wrap: anywhere; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 7.5pt; }
      figure details { display: none; }
    }
    """
  }

  private static func properties(_ scheme: KeyPath<Paint, RGB>) -> String {
    Paint.allCases.map { "\($0.property): \($0[keyPath: scheme].hexadecimal);" }.joined(separator: " ")
  }
}
