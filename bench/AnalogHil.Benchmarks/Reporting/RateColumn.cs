using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace AnalogHil.Benchmarks.Reporting;

/// <summary>Work of one call over the shortest time measured: other load only lengthens times.</summary>
internal sealed class RateColumn : IColumn
{
    public string Id => nameof(RateColumn);

    public string ColumnName => "Rate";

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Statistics;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public string Legend => "Work of one call over its shortest time (other load only lengthens times)";

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        IWork? work = benchmarkCase.Parameters.Items.Select(item => item.Value).OfType<IWork>().FirstOrDefault();
        double? shortest = summary[benchmarkCase]?.ResultStatistics?.Min;
        return work is null || shortest is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{work.Work / shortest.Value:F2} {work.GigaUnit}");
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    public bool IsAvailable(Summary summary) => true;

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
}
