"""How 汇报 looks. The letter follows the width of the drawing, so that the whole keeps the shape of a screen at any size."""

STYLE = """<style>
.b{container-type:inline-size;color:var(--st-text-color);font-family:var(--st-font)}
.b-in{font-size:clamp(13px,min(1.15cqw,2.04vh),25px);line-height:1.3}
.b li,.b p,.b ul{font-size:inherit}
.st-key-briefing_title{position:absolute;height:1px;width:1px;overflow:hidden;clip-path:inset(50%)}
.b a{color:inherit;text-decoration:none}
.b a:hover{text-decoration:underline;text-underline-offset:.2em}
.b a:focus-visible{outline:2px solid var(--st-primary-color);outline-offset:1px;border-radius:3px}
.b h2{font-size:1.1em;font-weight:700;margin:0 0 .35em;padding:0}
.b-head{display:flex;flex-wrap:wrap;gap:.5em 1.2em;align-items:baseline;margin-bottom:.6em}
.b-head h2{font-size:1.5em;margin:0}
.b-groups a{padding:.12em .7em;border:1px solid var(--st-border-color);border-radius:4px;margin-right:.3em}
.b-groups a[aria-current]{background:var(--st-primary-color);border-color:var(--st-primary-color);color:var(--st-background-color);font-weight:600}
.b .b-basis{font-size:.8em;opacity:.85;margin:.3em 0 0}
.b-tiles{display:grid;grid-template-columns:.8fr 1.25fr 1fr 1fr 1.15fr 1.35fr;gap:.55em;margin-bottom:.6em}
.b a.b-tile{display:flex;flex-direction:column;border:1px solid var(--st-border-color);border-radius:6px;padding:.45em .75em;text-decoration:none}
.b a.b-tile:hover{border-color:var(--st-primary-color)}
.b-label,.b-note{font-size:.85em;opacity:.85}
.b-figure{font-size:1.95em;font-weight:700;line-height:1.25;font-variant-numeric:tabular-nums}
.b-chips{display:flex;flex-wrap:wrap;gap:.1em .9em;font-size:.95em;padding-top:.15em}
.b-chips b{font-size:1.35em}
.b-middle{display:grid;grid-template-columns:minmax(0,1fr) 19em;gap:1.1em;margin-bottom:.5em}
.b-middle.b-wide{grid-template-columns:minmax(0,1fr) 15em}
.b-scroll{overflow-x:auto}
.b-board{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
.b-board th,.b-board td{border-bottom:1px solid var(--st-border-color);padding:.16em .35em;text-align:center;font-weight:400;white-space:nowrap}
.b-board thead th{white-space:normal;vertical-align:bottom;font-size:.8em;line-height:1.25;min-width:4.2em;padding-bottom:.35em}
.b-board thead th span{display:block;opacity:.8;white-space:nowrap}
.b-board tbody th{text-align:left;font-weight:600;position:sticky;left:0;background:var(--st-background-color)}
.b-board td.b-total{text-align:right;font-weight:600}
.b-board td i{font-style:normal;font-size:.7em;opacity:.8;margin-left:.15em}
.b-up{color:var(--st-green-text-color)}.b-down{color:var(--st-red-text-color)}.b-same,.b-none{opacity:.75}
.b-board td.b-none{font-size:.82em}
.b-board td.b-bad,.b-board td.b-late,.b-board td.b-absent{font-size:.88em}
.b-bad{background:var(--st-red-background-color)}.b-late{background:var(--st-orange-background-color)}
.b-absent{background:repeating-linear-gradient(135deg,var(--st-gray-background-color) 0 5px,transparent 5px 9px)}
.b-good{opacity:.6}
.b-dense .b-board{font-size:.84em}.b-dense+.b-told{font-size:.86em}.b-dense .b-board th,.b-dense .b-board td{padding-block:.06em}
.b-close{font-size:14px}
.b-picked{margin:0 0 .6em}.b .b-picked a{text-decoration:underline;text-underline-offset:.2em}
.b .b-rest{font-size:.85em;margin:.3em 0 0}.b .b-more{text-decoration:underline;text-underline-offset:.2em}
.b .b-below{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.1em 1.5em;margin:.35em 0 0;font-size:.88em}.b-tasks{font-weight:600}.b-main{min-width:0}
.b-board th i.b-veto{font-style:normal;font-size:.72em;font-weight:400;color:var(--st-red-text-color);border:1px solid currentColor;border-radius:3px;padding:0 .25em;margin-left:.35em}
.b-chips i{font-style:normal;font-size:.88em;opacity:.85}
.b-side{display:flex;flex-direction:column;gap:.9em;min-width:0}
.b-map{margin:0}.b-map svg{width:100%;height:auto;max-height:19em}
.b-map text{text-anchor:middle;font-size:16px;fill:#1f2a37}.b-map figcaption{font-size:.75em;opacity:.85}
.b-shade0 rect{fill:#e9edf2;stroke:#8a94a1;stroke-dasharray:5 4}
.b-shade1 rect{fill:#e3edf7}.b-shade2 rect{fill:#c3d8ec}.b-shade3 rect{fill:#9fc1e0}.b-shade4 rect{fill:#457fb1}.b-shade5 rect{fill:#1d5a96}
.b-shade4 text,.b-shade5 text{fill:#fff}
.b-follow ul,.b-part ol,.b-step ol{margin:0;padding-left:1.2em}
.b-follow{font-size:.9em}.b-follow h2{font-size:1.2em}
.b-told{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:1.1em}
.b-part{border-top:3px solid var(--st-primary-color);padding-top:.45em}
.b-part ol{font-size:.9em}.b-part li{margin-bottom:.25em;padding:0}
.b-step{padding:2.4em 4em 1em;min-height:calc(100vh - 9.2em);display:flex;flex-direction:column;box-sizing:border-box}
.b-step h2{font-size:2.8em;margin-bottom:.8em;color:var(--st-primary-color)}
.b-step ol{list-style:none;padding:0;flex:1;display:flex;flex-direction:column;justify-content:space-evenly}
.b-step li{margin-bottom:1.6em;padding-left:1.3em;border-left:.28em solid var(--st-primary-color)}
.b-step li b{display:block;font-size:3.1em;line-height:1.35}.b-step li span{font-size:1.8em;line-height:1.4;opacity:.9}
.b-steps{display:flex;flex-wrap:wrap;gap:.4em;align-items:center;margin-left:auto;font-size:.9em}
.b-steps a{border:1px solid var(--st-border-color);border-radius:4px;padding:.15em .8em}
.b-steps a[aria-current]{font-weight:700;border-color:var(--st-primary-color)}
@container (max-width:760px){
 .b-close .b-total,.b-close .b-move{display:none}
 .b-in{font-size:14px}.b-tiles{grid-template-columns:1fr 1fr}.b-middle,.b-middle.b-wide,.b-told{grid-template-columns:minmax(0,1fr)}
 .b-step{padding:1em 0;min-height:0}.b-step h2{font-size:1.5em}.b-step li b{font-size:1.3em}.b-step li span{font-size:1em}.b-steps{margin-left:0}
}
</style>"""

PROJECTOR = """<style>
[data-testid=stSidebar],[data-testid=stSidebarCollapsedControl],[data-testid=stExpandSidebarButton],[data-testid=stHeader]{display:none}
[data-testid=stMainBlockContainer]{padding:1rem 2rem .5rem;max-width:none}
</style>"""
