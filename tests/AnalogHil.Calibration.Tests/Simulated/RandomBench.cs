using AnalogHil.Core.Noise;
using AnalogHil.Devices.Contract;
using AnalogHil.Devices.Simulation;

namespace AnalogHil.Calibration.Tests.Simulated;

/// <summary>Small simulated devices of random strength of noise; every term moves by a factor of about four in variance.</summary>
internal static class RandomBench
{
    private const int Rows = 32;
    private const double ElementaryCharge = 1.602176634e-19;

    public static async Task<SimulatedDevice> OpenAsync(DeviceArchitecture architecture, int seed, NoiseTerm? absent = null, double slow = 0)
    {
        var random = new Random(seed);
        double receiver = Between(0.4, 0.9);
        double signal = Between(0.4, 1.6);
        double shot = Between(0.4, 1.6);
        receiver = absent == NoiseTerm.Thermal ? 0 : receiver;
        signal = absent == NoiseTerm.Weight ? 0 : signal;
        TilePhysics physics = architecture switch
        {
            DeviceArchitecture.Crossbar => new CrossbarPhysics
            {
                ReceiverNoiseNanoamperes = 5000 * receiver,
                SlowFraction = slow,
                ReadNoiseMicrosiemens = 25 * Math.Sqrt(signal / (2 * Rows)),
                ProgrammingErrorMicrosiemens = 0.4,
            },
            DeviceArchitecture.Homodyne => new HomodynePhysics
            {
                ReceiverNoiseMillivolts = 10 * receiver,
                PhotonsPerMac = absent == NoiseTerm.ShotBalanced ? 1e9 : Rows / (0.8 * shot),
                AmplitudeError = 0.01,
            },
            _ => new BroadcastAndWeightPhysics
            {
                AmplifierNoiseNanoamperes = 1200 * receiver,
                SlowFraction = slow,
                RingJitter = Math.Sqrt(signal / Rows),
                BandwidthMegahertz = absent == NoiseTerm.ShotDirect ? 1e-6 : shot * 1.2e-6 / (2 * ElementaryCharge * Rows) / 1e6,
                TuningError = 0.01,
            },
        };
        var device = new SimulatedDevice(new SimulatedDeviceOptions
        {
            Physics = physics,
            Seed = (ulong)seed,
            Rows = Rows,
            Columns = 16,
            Tiles = 3,
            DacBits = 8,
            AdcBits = 8,
            AdcFullScale = 24,
            GainSpread = 0.02,
            OffsetSpread = 0.3,
            Threads = 1,
        });
        await device.ArmAsync(1, default);
        return device;

        double Between(double low, double high) => low * Math.Pow(high / low, random.NextDouble());
    }
}
