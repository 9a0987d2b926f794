using System.Text;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Running;
using AnalogHil.Precision.Comparison;

namespace AnalogHil.PaperStudy.Document;

/// <summary>What frames the tables.</summary>
internal static class DocumentText
{
    private const string Command = "dotnet run -c Release --project bench/AnalogHil.PaperStudy --";

    public static string Opening(int all, int there, bool discussion, StudySettings settings) => $"""
        # Dynamic precision on the networks at hand

        Energy per multiply-accumulate that uniform precision, the method of Garg et al. 2021 (arXiv 2102.06365) and ours need at equal loss of
        accuracy, under the paper's three noise laws. {there} of {all} cells are there. Written by `{Command[..^3]}` from
        `cells/*.json`; do not edit, a run writes it anew.{(discussion ? $" What the figures mean, and where they disagree with the paper's: [{PaperDocument.Discussion}]({PaperDocument.Discussion})." : "")}

        ## How to read the tables

        - **E at {100 * settings.Drop:0.#} points**: energy per multiply-accumulate at which the method's allocation, scaled by one factor, loses {100 * settings.Drop:0.#} points on the search split, counted from the same network without noise. Thermal (sigma 0.01) and weight noise (0.1): reads averaged; shot noise: aJ (photons x 0.1282 at 1550 nm).
          First interval: 95 % over R = {settings.Seeds} noise draws, {FixedSetRatio.Label}. {FixedSetEnergy.Coverage}. Second: 95 % for images like these, SE(ln E) = SE(drop) / slope.
        - Every method sees the same images and the same normals (common random numbers). Thermal and weight noise are added to networks of 8-bit inputs and weights (inputs clipped at the 99.99 percentile of 160 learning images), shot noise to float32, as in the paper.
        - **drop**: at that energy on M examples that nothing was learned or chosen on, one draw each, against the float32 network; 95 % Tango limits, points. Their expectation is {100 * settings.Drop:0.#} points and what rounding to 8 bits loses, for they count from float32: the energy is that of equal drop, not of a promise. All cells of a network share these examples, so that they lie above or below together.
        - **claim**: the energy predicted from the search split to certify "less than {100 * settings.Drop:0.#} points" on those M examples with probability 0.9, the one-sided 95 % limit found there, and the verdict. Its prediction takes the disagreement with the network that the noise is added to, as seen at the energy of equal drop, and lets it go to zero as energy grows, while the verdict counts disagreement with the float32 network, part of which (8-bit rounding, full scales and correction) no energy removes: under thermal and weight noise the probability is lower than 0.9 where that part is large, and the verdict stands all the same. "none": M is too small for any claim within twenty times the energy.
        - **learned at**: mean E of the allocation as it was learned, before it was scaled to the equal drop. **residual**: ln of the largest over the smallest gain of a layer for more energy there (Karush-Kuhn-Tucker), on 256 learning images; 0 at the optimum, with noise some tenths.
        - **images**: passed forward + backward to learn; the full recipe takes 48,032 of each. **time**: of learning, by the clock, with one or two threads on machines busy with other work: its order of magnitude only.
        - **ours**: shares of the energy by sensitivity; full scales of inputs and weights narrowed to what the noise makes best (not under shot noise, which has none); and a digital gain and offset for each channel, learned together with the layers' shares. The weights are the network's own, saturated where a full scale is narrower; nothing is retrained. Learned at the energy that sensitivities predict, then on at the one found to be needed on the search split (its images are not counted: they are passed for every method).
        - **paper, per layer, our ranges and correction**: the same full scales and correction, learned the same way, for the recipe's shares: what is left of the difference is that of the shares.
        - **our shares**: without full scales and correction, learned at half of the uniform energy.
        - **paper** is trained once, at the energy that our shares turned out to need: a budget that its own search would have had to find by up to sixteen trainings (its column "learned at" says which; a later version of ours may need another). "paper with its own search" does find it.
        - **@paper-code**: N counted as the authors' released code counts it, without the groups of a convolution. What else that code does otherwise (ReLU in the place of ReLU6, padding left out of shot noise, one draw held for a batch) is not in these figures; `hil plan learn --law-profile paper-code` has it all.
        - **whole K**: integer repeats (whole photons under shot noise), never below one, allocated from our shares per layer.


        """;

    public static string NotRun(IReadOnlyList<CellKey> keys)
    {
        if (keys.Count == 0)
        {
            return "";
        }

        var text = new StringBuilder($"## Not run\n\n{keys.Count} cells are not run. Any of them, and what it needs, runs with the command on its line.\n\n");
        foreach (IGrouping<(string Network, string Law), CellKey> group in keys.GroupBy(key => (key.Network, key.Law)))
        {
            string cells = string.Join(',', group);
            text.Append($"- {group.Key.Network}, {group.Key.Law}: {string.Join(", ", group.Select(key => MethodIds.Title(key.Method)))}: `{Command} --cells {cells}`\n");
        }

        return text.ToString();
    }
}
