using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace AnalogHil.Benchmarks.Reporting;

/// <summary>Shortest time over the shortest time of the baseline with the same parameters.</summary>
internal sealed class ShortestRatioColumn : IColumn
{
    public string Id => nameof(ShortestRatioColumn);

    public string ColumnName => "Min ratio";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Baseline;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "Shortest time over the baseline's shortest time";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        BenchmarkCase? baseline = summary.BenchmarksCases.FirstOrDefault(other =>
            other.Descriptor.Baseline && other.Descriptor.Type == benchmarkCase.Descriptor.Type
            && other.Parameters.DisplayInfo == benchmarkCase.Parameters.DisplayInfo);
        double? shortest = summary[benchmarkCase]?.ResultStatistics?.Min;
        double? reference = baseline is null ? null : summary[baseline]?.ResultStatistics?.Min;
        return shortest is null || reference is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{shortest.Value / reference.Value:F3}");
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
}
