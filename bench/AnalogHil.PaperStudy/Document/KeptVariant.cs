using AnalogHil.PaperStudy.Cells;

namespace AnalogHil.PaperStudy.Document;

/// <summary>Ours where shares alone and in full are both learned, and the one that needs less on the search split is kept.</summary>
internal static class KeptVariant
{
    /// <summary>The cells with one more for each network and law that has both.</summary>
    /// <param name="cells">Cells of the study.</param>
    public static IReadOnlyDictionary<CellKey, CellResult> Added(IReadOnlyDictionary<CellKey, CellResult> cells)
    {
        var all = cells.ToDictionary();
        foreach (CellResult full in cells.Values.Where(cell => cell.Method == MethodIds.OursFullLayer))
        {
            if (cells.GetValueOrDefault(full.Key with { Method = MethodIds.OursLayer }) is { } shares)
            {
                CellResult kept = full.Energy.Reached && (!shares.Energy.Reached || full.Energy.Energy < shares.Energy.Energy) ? full : shares;
                CellResult one = kept with
                {
                    Method = MethodIds.OursKept,
                    Learning = kept.Learning with
                    {
                        Forward = shares.Learning.Forward + full.Learning.Forward, Backward = shares.Learning.Backward + full.Learning.Backward,
                        Seconds = shares.Learning.Seconds + full.Learning.Seconds,
                    },
                };
                all.Add(one.Key, one);
            }
        }

        return all;
    }
}
