using AnalogHil.Calibration.Design;
using AnalogHil.Calibration.Tests.Fakes;
using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;

namespace AnalogHil.Calibration.Tests.Design;

public sealed class GainPatternsTests
{
    [Theory]
    [InlineData(NoiseTerm.Weight, 2.0)]
    [InlineData(NoiseTerm.Weight, 8.0)]
    [InlineData(NoiseTerm.ShotDirect, 2.0)]
    [InlineData(NoiseTerm.ShotDirect, 8.0)]
    public void Products_AnyDevice_AreKnownInRangeAndOfBothSigns(NoiseTerm term, double product)
    {
        DeviceCapabilities device = FakeCapabilities.Small(term);
        var patterns = new GainPatterns(device, product, seed: 3);
        Assert.All(patterns.Weights, weight => Assert.InRange(weight, -1, 1));
        Assert.All(patterns.Inputs, input => Assert.InRange(input, device.SignedInputs ? -1 : 0, 1));
        for (int i = 0; i < patterns.Count; i++)
        {
            for (int c = 0; c < device.Columns; c++)
            {
                double sum = Enumerable.Range(0, device.Rows).Sum(row => (double)patterns.Inputs[i * device.Rows + row] * patterns.Weights[row * device.Columns + c]);
                Assert.Equal(sum, patterns.Expected(i, c), 1e-5);
                Assert.InRange(Math.Abs(sum), 0, product * 1.0001);
            }
        }

        Assert.Contains(patterns.Product, value => value > 0.3 * product);
        Assert.Contains(patterns.Product, value => value < -0.3 * product);
    }

    [Theory]
    [InlineData(NoiseTerm.Weight, 2.0, 2)]
    [InlineData(NoiseTerm.Weight, 2.5, 3)]
    [InlineData(NoiseTerm.ShotDirect, 3.0, 3)]
    public void Inputs_GivenProduct_DriveNoMoreRowsThanItTakes(NoiseTerm term, double product, int driven)
    {
        DeviceCapabilities device = FakeCapabilities.Small(term);
        var patterns = new GainPatterns(device, product, seed: 3);
        Assert.All(patterns.Inputs.Chunk(device.Rows), input => Assert.Equal(driven, input.Count(u => u != 0)));
        Assert.All(patterns.Product, value => Assert.Equal(product, Math.Abs(value), 1e-5));
    }

    [Fact]
    public void Constructor_TooFewRowsForTwoPatterns_SaysHowManyItTakes()
    {
        DeviceCapabilities device = FakeCapabilities.Small(NoiseTerm.ShotDirect) with { Rows = 3 };
        CalibrationException error = Assert.Throws<CalibrationException>(() => new GainPatterns(device, 1, seed: 3));
        Assert.Equal(CalibrationFault.Unsupported, error.Fault);
        Assert.Contains("4 rows", error.Message, StringComparison.Ordinal);
    }
}
