"""How the rows of LeNet's stages and the diagram behind them look."""

STYLE = """
<style>
.st-key-lenet-stages [data-testid="stColumn"] { position: relative; }
.st-key-lenet-stages [data-testid="stColumn"]:not(:first-child)::before {
  content: "→"; position: absolute; left: -1rem; width: 1rem; top: 36%; text-align: center;
  opacity: .7;
}
.st-key-lenet-stages img { outline: 1px solid rgb(128 128 128 / .3); }
.st-key-lenet-stages .cnnviz-facts { font-size: .8rem; margin-top: -.25rem; }
.st-key-lenet-stages .cnnviz-range { margin-right: 0; }

.lenet-head { display: flex; flex-wrap: wrap; gap: .5rem 1.2rem; }
.lenet-box {
  flex: 1 1 6.4rem; display: flex; flex-direction: column; position: relative; line-height: 1.35;
  padding: .4rem .7rem; border: 1px solid light-dark(#E4DACE, #3B3430);
  border-radius: .6rem; background: light-dark(#F5EFE8, #262120);
  font-size: .84rem; font-variant-numeric: tabular-nums;
}
.lenet-box b { font-size: 1.2rem; }
.lenet-box small { font-size: .84rem; opacity: .8; }
.lenet-box:not(:first-child)::before {
  content: "→"; position: absolute; left: -1.2rem; width: 1.2rem; top: 36%; text-align: center;
  font-size: 1rem; opacity: .7;
}

@media (max-width: 640px) {
  .st-key-lenet-stages :is(.cnnviz-range, .cnnviz-marks, .lenet-count) { display: none; }
  [class*="st-key-lenet-block"] [data-testid="stHorizontalBlock"] { flex-flow: row nowrap; }
  [class*="st-key-lenet-block"] [data-testid="stColumn"] { min-width: 0; }
  .lenet-title { font-size: .8rem; white-space: nowrap; }
  .lenet-box:not(:first-child)::before { display: none; }
}
</style>
"""
