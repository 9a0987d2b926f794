using AnalogHil.Core.Statistics;
using AnalogHil.Precision.Certification;
using AnalogHil.Precision.Learning;
using AnalogHil.Precision.Search;
using AnalogHil.Precision.Search.Budgets;
using AnalogHil.Precision.Search.Drops;
using AnalogHil.Precision.Search.Families;
using AnalogHil.Precision.Tests.Fakes;
using AnalogHil.Precision.Tests.Methods;
using Xunit.Abstractions;

namespace AnalogHil.Precision.Tests.Certification;

public class ModelCertifierTests(ITestOutputHelper output)
{
    private static readonly PlanLayout Layout = Toy.Task().Layout;
    private static readonly ShapeFamily Uniform = ShapeFamily.Uniform(Layout, 1e-6, 1e9);

    [Fact]
    public void Run_FromHighToLow_CertifiesTheLowestBeforeTheFirstThatFails()
    {
        // Far from the target on either side: 1e5 loses about 0.1 points, 3 more than 10. Seed 9.
        Certificate certificate = Certifier(9).Run("uniform", [(Uniform.At(3), -0.03), (Uniform.At(1e5), -0.015), (Uniform.At(1e6), -0.002), (Uniform.At(1), -0.05)], Examples(3000), default);
        output.WriteLine(certificate.Decision.Reason);
        Assert.Equal(Verdict.Accept, certificate.Verdict);
        Assert.Equal(1e5, certificate.Point.MeanEnergy, 1e-3);
        Assert.Equal([1e6, 1e5, 3], certificate.Tried.Select(point => Math.Round(point.Energy)));
        Assert.Equal((3000, 1), (certificate.Examples, certificate.Draws));
        Assert.True(certificate.Energy.Interval.Low < 1e5 && certificate.Energy.Interval.High > 1e5);
        Assert.Equal(Math.Log(certificate.Energy.Interval.High / 1e5) / 1.96, certificate.LogEnergyError, 1e-6);

        // By the slope of its own energy, not of another that was tried.
        Assert.Equal(certificate.Observed.Error / 0.015, certificate.LogEnergyError, 1e-9);
    }

    [Fact]
    public void Run_AtAHopelessEnergy_RejectsAndStatesIt()
    {
        Certificate certificate = Certifier(9).Run("uniform", [(Uniform.At(1), 0)], Examples(1000), default);
        Assert.Equal(Verdict.Reject, certificate.Verdict);
        Assert.Equal(1, certificate.Point.MeanEnergy, 1e-9);
        Assert.Equal(double.PositiveInfinity, certificate.Energy.Interval.High);
        Assert.Equal(double.PositiveInfinity, certificate.LogEnergyError);
    }

    [Fact]
    public void Run_WithTooFewExamples_SaysHowManyAreNeeded()
    {
        // Without any discordant pair the exact one-sided 95 % limit is 1 - 0.05^(1/n): below 2 points from 149 on.
        var error = Assert.Throws<PrecisionException>(() => Certifier(1).Run("uniform", [(Uniform.At(10), 0)], Examples(100), default));
        Assert.Equal(PrecisionFault.Data, error.Fault);
        Assert.Contains("at least 149", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithATinyTarget_SaysHowManyExamplesAreNeededWithoutCountingUpToThem()
    {
        // ln 0.05 / ln(1 - d) with d = 1e-10: more than an int holds.
        var certifier = new ModelCertifier(Toy.Network, Toy.Noise, 1e-10, 100, 1);
        var error = Assert.Throws<PrecisionException>(() => certifier.Run("uniform", [(Uniform.At(10), 0)], Examples(100), default));
        Assert.Contains("below 0.00000001 points", error.Message, StringComparison.Ordinal);
        Assert.Matches("at least 2995732273[0-9],", error.Message);
    }

    [Fact]
    public void Run_AfterASearchOnOtherImages_AcceptsWhatItFound()
    {
        var options = new SearchOptions { CertificationExamples = 4000, Seeds = 1, EnergyUnit = "repeats" };
        var drops = new ModelRouteDrops(Toy.Network, Toy.Noise, Toy.Images, options.Batch, options.Seed);
        var rule = new AcceptanceRule(options.Target, options.CertificationExamples, options.Acceptance);
        EnergyOutcome outcome = new BudgetSearch(drops, Uniform.At, rule, options, (_, _) => { }).Run(1, 1e6, 100, default);
        output.WriteLine(outcome.Reason);
        Assert.True(outcome.Reachable);
        Assert.Null(outcome.Point.Plan);
        Assert.True(outcome.PredictedAcceptance >= 0.9);
        Certificate certificate = Certifier(12).Run("uniform", [(outcome.Point, outcome.Slope)], Examples(4000), default);
        output.WriteLine($"seed 12: {certificate.Decision.Reason}");
        Assert.NotEqual(Verdict.Reject, certificate.Verdict);
        Assert.True(certificate.LogEnergyError < 1);
    }

    [Fact]
    public void Run_WithProgrammingErrors_CountsTheDevicesSpreadAndRefusesFewDevices()
    {
        var devices = new CertificationDraws(12) { ProgrammingSigma = 0.03 };
        var many = new ModelCertifier(Toy.Network, Toy.Noise, 0.02, 100, 5, devices);
        Certificate certificate = many.Run("uniform", [(Uniform.At(1e5), -0.015)], Examples(1500), default);
        output.WriteLine($"seed 5: {certificate.Decision.Reason}; {100 * certificate.Observed.ImageError:0.000} points from images, {100 * certificate.Observed.DrawError:0.000} from devices");
        Assert.Equal((1500, 12), (certificate.Examples, certificate.Draws));
        Assert.True(certificate.Observed.DrawError > 0.001, "weights that are off by 3 % of their span cost each device another drop");
        Assert.Equal(certificate.Observed.Error / 0.015, certificate.LogEnergyError, 1e-9);
        Assert.Contains("12 devices", certificate.Assumptions, StringComparison.Ordinal);
        Assert.Contains($"{CrossedDrop.SkewedMisses} of {CrossedDrop.SkewedCampaigns} simulated", certificate.Assumptions, StringComparison.Ordinal);
        double fresh = Certifier(5).Run("uniform", [(Uniform.At(1e5), -0.015)], Examples(1500), default).Decision.Drop;
        Assert.True(certificate.Decision.Drop > fresh + 0.01, "the programming error itself costs accuracy");

        var few = new ModelCertifier(Toy.Network, Toy.Noise, 0.02, 100, 5, devices with { Count = 9 });
        Assert.Contains("at least 10", Assert.Throws<PrecisionException>(() => few.Run("uniform", [(Uniform.At(1e5), 0)], Examples(1500), default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithMoreDraws_NarrowsTheLimits()
    {
        Certificate one = Certifier(6).Run("uniform", [(Uniform.At(1000), -0.015)], Examples(1500), default);
        Certificate eight = new ModelCertifier(Toy.Network, Toy.Noise, 0.02, 100, 6, new CertificationDraws(8)).Run("uniform", [(Uniform.At(1000), -0.015)], Examples(1500), default);
        output.WriteLine($"seed 6: {one.Decision.Reason}\n{eight.Decision.Reason}");
        Assert.Equal(0, eight.Observed.DrawError);
        Assert.InRange(eight.Decision.Limits.Width / one.Decision.Limits.Width, 0.3, 0.95);
    }

    private static ModelCertifier Certifier(ulong seed) => new(Toy.Network, Toy.Noise, 0.02, 100, seed);

    private static AnalogHil.Engine.Data.LabelledImages Examples(int count) => Pictures.For(Toy.Network, count, 77);
}
