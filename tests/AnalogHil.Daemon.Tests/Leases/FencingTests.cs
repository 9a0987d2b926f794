using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Tests.Fakes;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Xunit.Abstractions;

namespace AnalogHil.Daemon.Tests.Leases;

/// <summary>
/// Two clients of one daemon and the simulated device behind it: the first is paused past its TTL amid its work, the second takes over, the first goes on. What is
/// in force on the device tells whose write came through.
/// </summary>
public sealed class FencingTests(ITestOutputHelper output)
{
    private const string Bench = "crossbar";
    private const int Seed = 11;
    private const int LateRepeats = 9;
    private readonly FakeTime _time = new();

    [Theory]
    [InlineData(8)]
    public Task Holder_PausedPastItsTtl_WritesNothingLate(int schedules) => PlayAsync(schedules);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(1000)]
    public Task Holder_PausedPastItsTtlInAThousandSchedules_WritesNothingLate(int schedules) => PlayAsync(schedules);

    private async Task PlayAsync(int schedules)
    {
        await using ServedDaemon daemon = await ServedDaemon.StartAsync(
            options => options with { Time = _time, BenchDirectory = Repository.Find("config/benches") });
        var devices = new DeviceService.DeviceServiceClient(daemon.Invoker);
        var refusals = new Dictionary<ErrorReason, int>();
        int stale = 0;
        int late = 0;
        for (int schedule = 0; schedule < schedules; schedule++)
        {
            var random = new Random(Seed + schedule);
            Lease first = await AcquireAsync(daemon);
            await BeginAsync(devices, first, random.Next(4));
            _time.Advance(TimeSpan.FromSeconds(1 + 4 * random.NextDouble()));

            Lease second = await AcquireAsync(daemon);
            await BeginAsync(devices, second, 3);
            for (int call = 0; call < 3; call++)
            {
                late++;
                try
                {
                    await ChangeAsync(devices, first, random.Next(5));
                    stale++;
                }
                catch (RpcException refused)
                {
                    ErrorReason reason = ErrorStatus.ReasonOf(refused.GetRpcStatus()!);
                    refusals[reason] = refusals.GetValueOrDefault(reason) + 1;
                }
            }

            Settings inForce = (await devices.GetSettingsAsync(new GetSettingsRequest { Bench = Bench })).Settings;
            Assert.Equal(RepeatsOf(second), Assert.Single(inForce.Blocks[0].Repeats));
            await daemon.Leases.ReleaseAsync(new ReleaseRequest { Mutation = Under(second) });
        }

        output.WriteLine($"{schedules} schedules, seeds {Seed} .. {Seed + schedules - 1}: {late} late calls, {stale} reached the device");
        output.WriteLine(string.Join(", ", refusals.Select(pair => $"{pair.Key}: {pair.Value}")));
        Assert.Equal(0, stale);
    }

    private static async Task<Lease> AcquireAsync(ServedDaemon daemon) => (await daemon.Leases.AcquireAsync(new AcquireRequest
    {
        Bench = Bench,
        Mutation = ServedDaemon.NewRequest(),
        Ttl = Duration.FromTimeSpan(TimeSpan.FromSeconds(1)),
    })).Lease;

    // As far as the pause lets it come: arm, program, write settings.
    private static async Task BeginAsync(DeviceService.DeviceServiceClient devices, Lease lease, int steps)
    {
        if (steps > 0)
        {
            await devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = Under(lease) });
        }

        if (steps > 1)
        {
            await ProgramAsync(devices, lease);
        }

        if (steps > 2)
        {
            await devices.UpdateSettingsAsync(new UpdateSettingsRequest { Bench = Bench, Mutation = Under(lease), Settings = SettingsOf(RepeatsOf(lease)) });
        }
    }

    private static async Task ChangeAsync(DeviceService.DeviceServiceClient devices, Lease lease, int which)
    {
        switch (which)
        {
            case 0: await devices.ArmAsync(new ArmRequest { Bench = Bench, Mutation = Under(lease) }); break;
            case 1: await ProgramAsync(devices, lease); break;
            case 2: await devices.DisarmAsync(new DisarmRequest { Bench = Bench, Mutation = Under(lease) }); break;
            case 3: await devices.ClearFaultAsync(new ClearFaultRequest { Bench = Bench, Mutation = Under(lease) }); break;
            default:
                await devices.UpdateSettingsAsync(new UpdateSettingsRequest { Bench = Bench, Mutation = Under(lease), Settings = SettingsOf(LateRepeats) });
                break;
        }
    }

    private static async Task ProgramAsync(DeviceService.DeviceServiceClient devices, Lease lease)
    {
        using AsyncClientStreamingCall<ProgramRequest, ProgramResponse> call = devices.Program();
        await call.RequestStream.WriteAsync(new ProgramRequest { Start = new ProgramStart { Bench = Bench, Mutation = Under(lease) } });
        await call.RequestStream.WriteAsync(new ProgramRequest
        {
            Block = new BlockPart { Block = 0, Rows = 2, Columns = 1, Places = { new CellPlace() }, Weights = { 0.5f, -0.5f } },
        });
        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync;
    }

    private static Settings SettingsOf(int repeats) =>
        new() { Blocks = { [0] = new BlockSettings { Mode = RepeatMode.ReadAndAverage, Repeats = { repeats } } } };

    // 2, 3, 4 or 5, but never what a late write would bring.
    private static int RepeatsOf(Lease lease) => 2 + (int)(lease.Epoch / 1000 % 4);

    private static Mutation Under(Lease lease) => new() { RequestId = Guid.NewGuid().ToString("D"), Lease = lease.Name, Epoch = lease.Epoch };
}
