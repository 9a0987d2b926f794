using System.Text;
using AnalogHil.PaperStudy.Cells;
using AnalogHil.PaperStudy.Charts;
using AnalogHil.PaperStudy.Networks;
using AnalogHil.PaperStudy.Running;

namespace AnalogHil.PaperStudy.Document;

/// <summary>Writes paper.md and its charts from the cells on disk. What people wrote about them, paper-discussion.md, is left alone and linked.</summary>
internal sealed class PaperDocument(Study study, StudyOptions options)
{
    public const string FileName = "paper.md";
    public const string Discussion = "paper-discussion.md";

    // A cell of other settings is not of this study: it counts as not run.
    private readonly Dictionary<CellKey, CellResult> _cells = (
        from network in study.Networks
        from key in Study.CellsOf(network)
        let cell = study.Store.Find(key)
        where cell is not null && cell.Fingerprint == options.Settings.Fingerprint(key, network, cell.ModelSha256)
        select cell).ToDictionary(cell => cell.Key);

    /// <summary>Writes everything.</summary>
    /// <returns>Path of the document.</returns>
    public string Write()
    {
        Directory.CreateDirectory(options.Out);
        CellKey[] all = [.. study.Networks.SelectMany(Study.CellsOf)];
        var text = new StringBuilder();
        text.Append(DocumentText.Opening(all.Length, _cells.Count, File.Exists(Path.Combine(options.Out, Discussion)), options.Settings));
        var summary = new SummarySection(_cells, study.Networks);
        text.Append(summary.Text());
        Save("paper-ratios.svg", summary.Chart());
        foreach (StudyNetwork network in study.Networks.Where(network => _cells.Keys.Any(key => key.Network == network.Id)))
        {
            text.Append(NetworkSection.Text(network, _cells));
            foreach (LawCase law in LawCase.For(network.Grouped))
            {
                if (Cell(network, law, MethodIds.Uniform) is { } uniform)
                {
                    string name = $"paper-layers-{network.Id}-{law.Id.Replace("@", "-", StringComparison.Ordinal)}.svg";
                    Save(name, LayerChart.Draw(
                        $"E of each layer, {network.Title}, {law.Id}", law.Unit, uniform,
                        Cell(network, law, MethodIds.OursLayer), Cell(network, law, MethodIds.PaperLayer), Cell(network, law, MethodIds.OursChannel)));
                    text.Append($"![E of each layer, {law.Id}]({name})\n");
                }
            }

            text.Append('\n');
        }

        text.Append(PublishedSection.Text(study.Networks, _cells, PointOf));
        text.Append(DocumentText.NotRun([.. all.Where(key => !_cells.ContainsKey(key))]));
        string path = Path.Combine(options.Out, FileName);
        File.WriteAllText(path, text.ToString());
        return path;
    }

    private CellResult? Cell(StudyNetwork network, LawCase law, string method) => _cells.GetValueOrDefault(new CellKey(network.Id, law.Id, method));

    private EqualPoint? PointOf(CellResult large, CellResult small) =>
        study.Store.FindEqual(large.Law, large.Method, EqualAccuracyStudy.Fingerprint(large, small, options.Settings));

    private void Save(string name, string? svg)
    {
        if (svg is not null)
        {
            File.WriteAllText(Path.Combine(options.Out, name), svg);
        }
    }
}
