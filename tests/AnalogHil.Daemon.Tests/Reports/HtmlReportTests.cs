using System.Text.RegularExpressions;
using System.Xml.Linq;
using AnalogHil.Core.Statistics;
using AnalogHil.Daemon.Records;
using AnalogHil.Daemon.Records.Costs;
using AnalogHil.Daemon.Records.Json;
using AnalogHil.Daemon.Records.Noise;
using AnalogHil.Daemon.Records.Plans;
using AnalogHil.Daemon.Reports;
using AnalogHil.Daemon.Reports.Charts;

namespace AnalogHil.Daemon.Tests.Reports;

public sealed partial class HtmlReportTests
{
    [Fact]
    public void Render_CompleteRecord_NeedsNothingFromOutside()
    {
        string html = HtmlReport.Render(SampleRecord.Complete());

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http:", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("https:", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Render_CompleteRecord_SaysHowFarThePlanIsFromTheOptimumAndWhatBothPlansSpend()
    {
        string html = HtmlReport.Render(SampleRecord.Complete());

        Assert.Contains("0.117", html, StringComparison.Ordinal);
        Assert.Contains("1.23", html, StringComparison.Ordinal);
        Assert.Contains("5.68", html, StringComparison.Ordinal);
        Assert.Contains("8.10", html, StringComparison.Ordinal);
        Assert.Contains("2.95", html, StringComparison.Ordinal);
        Assert.Contains("9.79", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_AccuracyAndNoiseBits_SayLevelAndWhatTheyRestOn()
    {
        CampaignRecord record = SampleRecord.Complete();
        string html = HtmlReport.Render(record);

        Assert.Contains($"{Figures.Fixed(record.Validation!.AccNoisyHigh!.Value, 2)}] (95\u202f%, Wilson)", System.Net.WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        Assert.Contains("of the range seen on at most 64 images", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_EveryChart_IsWellFormedAndHasTitleDescriptionAndFiniteNumbers()
    {
        MatchCollection charts = Svg().Matches(HtmlReport.Render(SampleRecord.Complete()));

        // Sigmas, averaging, three histories, K, energy, noise bits, share of energy, search, twin.
        Assert.Equal(11, charts.Count);
        var ids = new HashSet<string>();
        foreach (Match chart in charts)
        {
            XElement svg = XElement.Parse(chart.Value);
            Assert.False(string.IsNullOrWhiteSpace(svg.Element("title")?.Value));
            Assert.False(string.IsNullOrWhiteSpace(svg.Element("desc")?.Value));
            Assert.True(ids.Add(svg.Element("title")!.Attribute("id")!.Value), "two charts share a name");
            Assert.Equal($"{svg.Element("title")!.Attribute("id")!.Value} {svg.Element("desc")!.Attribute("id")!.Value}", svg.Attribute("aria-labelledby")!.Value);
            Assert.DoesNotContain("NaN", chart.Value, StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", chart.Value, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Render_LayerCharts_HaveTheRecordsNumbers()
    {
        CampaignRecord record = SampleRecord.Complete();
        Dictionary<string, string> charts = Svg().Matches(HtmlReport.Render(record)).Select(match => XElement.Parse(match.Value)).GroupBy(svg => svg.Element("title")!.Value)
            .ToDictionary(group => group.Key, group => group.First().Element("desc")!.Value);
        double spent = record.Plan!.Layers.Sum(layer => layer.K * layer.Macs);

        foreach (PlanLayerRecord layer in record.Plan.Layers)
        {
            Assert.Contains($"{layer.Name}: {Figures.Repeats(layer.K)} learned", charts["Repeats of each layer"], StringComparison.Ordinal);
            Assert.Contains($"{layer.Name}: {Figures.Significant(layer.NoiseBits)} learned", charts["Noise bits of each layer"], StringComparison.Ordinal);
            Assert.Contains($"{layer.Name}: {Figures.Fixed(100 * layer.K * layer.Macs / spent, 1)} learned", charts["Share of energy of each layer"], StringComparison.Ordinal);
        }

        // Energy falls along the front as drop rises; no plan tried lies below and left of it.
        SearchPointRecord[] front = [.. SearchChart.FrontOf(record.Search)];
        Assert.All(record.Search, point => Assert.Contains(front, best => best.Energy <= point.Energy && best.Drop <= point.Drop));
        Assert.All(front, point => Assert.Contains($"{Figures.Significant(point.Energy)}, {Figures.Fixed(point.Drop, 2)} \u00b1 {Figures.Fixed(1.96 * point.DropStandardError, 2)}", charts["Accuracy lost against energy"], StringComparison.Ordinal));
    }

    [Fact]
    public void Render_DeclaredCost_AddsUpAndNamesItsSources()
    {
        CampaignRecord record = SampleRecord.Complete();
        DeclaredCostRecord cost = record.DeclaredCost!;
        string html = System.Net.WebUtility.HtmlDecode(HtmlReport.Render(record));

        Assert.Contains($"{Figures.Significant(cost.Parts.Sum(part => part.Count * part.JoulesEach))} / {Figures.Significant(cost.Parts.Sum(part => part.UniformCount * part.JoulesEach))} J", html, StringComparison.Ordinal);
        Assert.All(cost.Parts, part => Assert.Contains(part.Source ?? "the device does not tell", html, StringComparison.Ordinal));
        Assert.Contains($"{Figures.Significant(1 / cost.SlowestSeconds)} images/s, bounded by {cost.SlowestLayer}", html, StringComparison.Ordinal);
        Assert.Contains($"{Figures.Significant(1e6 * cost.Seconds)} / {Figures.Significant(1e6 * cost.UniformSeconds)} \u00b5s", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_AreaAndStaticPower_AreToldWithTheirSourcesOrAsNotTold()
    {
        CampaignRecord record = SampleRecord.Complete();
        DeclaredCostRecord cost = record.DeclaredCost!;
        string html = System.Net.WebUtility.HtmlDecode(HtmlReport.Render(record));
        Assert.Contains($"{Figures.Significant(cost.Area!.Value)} mm\u00b2 ({cost.Area.Source})", html, StringComparison.Ordinal);
        Assert.Contains($"{Figures.Significant(cost.StaticPower!.Value)} W ({cost.StaticPower.Source})", html, StringComparison.Ordinal);
        Assert.Contains(
            $"{Figures.Significant(0.164 * 0.0021)} / {Figures.Significant(0.164 * 0.0049)} J one image at a time, {Figures.Significant(0.164 * 0.00071)} J with all layers at work",
            html,
            StringComparison.Ordinal);

        string silent = HtmlReport.Render(record with { DeclaredCost = cost with { Area = null, StaticPower = null } });
        Assert.Contains("not told by the bench, not in these figures", silent, StringComparison.Ordinal);
        Assert.DoesNotContain("static energy of one image", silent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_EveryMark_LiesOnItsCanvas()
    {
        foreach (Match chart in Svg().Matches(HtmlReport.Render(SampleRecord.Complete())))
        {
            XElement svg = XElement.Parse(chart.Value);
            double[] box = [.. svg.Attribute("viewBox")!.Value.Split(' ').Select(double.Parse)];
            foreach (XElement mark in svg.Elements())
            {
                foreach ((string name, double limit) in new[] { ("x", box[2]), ("cx", box[2]), ("x1", box[2]), ("x2", box[2]), ("y", box[3]), ("cy", box[3]), ("y1", box[3]), ("y2", box[3]) })
                {
                    if (mark.Attribute(name) is { } place)
                    {
                        Assert.InRange(double.Parse(place.Value), 0, limit);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(Verdict.Accept, "ACCEPT")]
    [InlineData(Verdict.Reject, "REJECT")]
    [InlineData(Verdict.Inconclusive, "INCONCLUSIVE")]
    public void Render_Verdict_StandsInWordsNotOnlyInColour(Verdict verdict, string word)
    {
        string html = HtmlReport.Render(SampleRecord.Complete() with { Verdict = verdict, Reason = "because of <this> & that" });

        Assert.Matches($"<strong>[^<]*{word}</strong>", html);
        Assert.Contains("Because of &lt;this&gt; &amp; that", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_PartialRecord_SaysSoAndClaimsNothing()
    {
        string html = HtmlReport.Render(SampleRecord.Partial());

        Assert.Contains("PARTIAL RECORD", html, StringComparison.Ordinal);
        Assert.Contains("calibrate", html, StringComparison.Ordinal);
        Assert.Contains("check its supply and link", html, StringComparison.Ordinal);
        Assert.DoesNotContain("ACCEPT", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_MinimalSections_LeavesOutWhatIsNotThere()
    {
        CampaignRecord full = SampleRecord.Complete();
        string html = HtmlReport.Render(SampleRecord.Partial() with
        {
            Calibration = new CalibrationRecord { Sigmas = [new SigmaRecord("thermal", 0, "1", 0, 0.01, 20, false)], Reads = 20 },
            Plan = new PlanRecord { Mode = "read-and-average", Layers = [new PlanLayerRecord("fc", 64, 640, 3, double.NaN) { KPerChannel = [1, 5] }] },
            Search = [full.Search[0] with { DropStandardError = 0 }],
            Twin = full.Twin,
        });

        Assert.Contains("not told from 0", html, StringComparison.Ordinal);
        Assert.Contains("3 (1\u20135)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Twin check", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_SeveralVariantsTried_ShowsEachAndWhichWasChosen()
    {
        CampaignRecord full = SampleRecord.Complete();
        string html = HtmlReport.Render(full with
        {
            Plan = full.Plan! with
            {
                Variants =
                [
                    new PlanVariantRecord("shares alone", false, 256, false) { Images = 500, Draws = 1 },
                    new PlanVariantRecord("gains and offsets", true, 3.53, true) { Low = 2.69, High = 4.63, JoulesPerImage = 4.55e-6, Images = 1600, Draws = 2 },
                    new PlanVariantRecord("full scales, gains and offsets", true, 3.61, false)
                    {
                        Low = 2.7, Ratio = 1.02, RatioLow = 0.91, RatioHigh = 1.14, JoulesPerImage = 5.1e-6,
                    },
                ],
            },
            Energy = full.Energy! with { UniformTried = 256 },
        });

        Assert.Contains("count neither this choice", html, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">shares alone</th><td class=\"n\">none is predicted to be accepted</td>", html, StringComparison.Ordinal);
        Assert.Matches("gains and offsets</th>.*3\\.53.*4\\.63.*this one", html);
        Assert.Matches("full scales, gains and offsets</th>.*not bounded.*1\\.02.*1\\.14", html);
        Assert.Contains("no uniform K up to 256 is predicted to be accepted", html, StringComparison.Ordinal);
        Assert.DoesNotContain("learned / uniform (95 %)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("learned / uniform", html, StringComparison.Ordinal);
        Assert.Contains("1\u202f600 x 2", html, StringComparison.Ordinal);
        Assert.DoesNotContain("count neither this choice", HtmlReport.Render(full), StringComparison.Ordinal);
        Assert.Contains("learned / uniform (95 %)", HtmlReport.Render(full), StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NoVariantIsAccepted_SaysThatThePlanIsTheUniformOne()
    {
        CampaignRecord full = SampleRecord.Complete();
        string html = HtmlReport.Render(full with { Plan = full.Plan! with { Variants = [new PlanVariantRecord("shares alone", false, 256, false)] } });

        Assert.Contains("None is predicted to be accepted; the plan is the uniform one", html, StringComparison.Ordinal);
        Assert.DoesNotContain("this one", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0123, "1.23")]
    [InlineData(null, null)]
    public void Render_FullScales_TellTheShareOfInputsBeyondWhereItWasCounted(double? cut, string? percent)
    {
        CampaignRecord full = SampleRecord.Complete();
        string html = HtmlReport.Render(full with
        {
            Plan = full.Plan! with { FullScales = new PlanFullScaleRecord(0.4, 0.9, 0.6, 0.95, 0.01) { InputsCut = cut, InputImages = 512 } },
        });

        Assert.Contains("of the largest seen", html, StringComparison.Ordinal);
        Assert.Equal(percent is not null, html.Contains("of the inputs on 512 calibration images lie beyond", StringComparison.Ordinal));
        Assert.Equal(percent is not null, percent is not null && html.Contains($"{percent}\u202f%", StringComparison.Ordinal));
    }

    [Fact]
    public void Render_AgainFromTheFile_IsTheSamePage()
    {
        CampaignRecord record = SampleRecord.Complete();

        Assert.Equal(HtmlReport.Render(record), HtmlReport.Render(RecordJson.Deserialize(RecordJson.Serialize(record))));
    }

    [Fact]
    public void Render_SampleRecord_IsLeftForTheEyeWhereAsked()
    {
        // Set ANALOGHIL_SAMPLE_REPORT to a directory to look at the page.
        string html = HtmlReport.Render(SampleRecord.Complete());
        if (Environment.GetEnvironmentVariable("ANALOGHIL_SAMPLE_REPORT") is { Length: > 0 } directory)
        {
            File.WriteAllText(Path.Combine(directory, "sample.html"), html);
            File.WriteAllText(Path.Combine(directory, "partial.html"), HtmlReport.Render(SampleRecord.Partial()));
        }

        Assert.StartsWith("<!doctype html>", html, StringComparison.Ordinal);
    }

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();
}
