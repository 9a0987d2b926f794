using System.Security.Cryptography;
using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Google.LongRunning;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AnalogHil.Functional.Tests.Crashes;

/// <summary>
/// What a lab does with a daemon until it dies: a lease, a device that is armed, programmed and set, a network, a calibration and a campaign under
/// way. Remembers every request, and every reply that came.
/// </summary>
/// <param name="inputs">Directory of what its campaign reads.</param>
/// <param name="directory">Directory of what it writes.</param>
/// <param name="round">Number of this piece of work.</param>
/// <param name="bench">Bench whose device it changes; of "crossbar" it also starts the campaign and the calibration, on benches of their own.</param>
internal sealed class LabClient(string inputs, string directory, int round, string bench = LabClient.Simulated)
{
    public const string Simulated = "crossbar";
    private const string OtherBench = "homodyne";
    private readonly List<Sent> _sent = [];

    /// <summary>Requests whose reply came.</summary>
    public IReadOnlyList<Sent> Acknowledged => [.. _sent.Where(sent => sent.Reply is not null)];

    /// <summary>The request whose reply did not come; null: none.</summary>
    public Sent? Pending => _sent.Find(sent => sent.Reply is null);

    /// <summary>The lease; null: its reply did not come.</summary>
    public Lease? Lease { get; private set; }

    /// <summary>The campaign; null: its reply did not come.</summary>
    public string? Campaign { get; private set; }

    /// <summary>The calibration; null: its reply did not come.</summary>
    public string? Calibration { get; private set; }

    /// <summary>Works until everything is done, or the daemon has gone.</summary>
    /// <param name="daemon">The daemon.</param>
    /// <param name="lease">The lease of an earlier round; null: it takes one.</param>
    public async Task WorkAsync(CallInvoker daemon, Lease? lease)
    {
        try
        {
            Lease = lease ?? ((AcquireResponse)await SendAsync(daemon, "Acquire", AcquireAsync(NewMutation()))).Lease;
            if (bench == Simulated)
            {
                Campaign = ((Operation)await SendAsync(daemon, "Run", RunAsync(NewMutation()))).Name;
            }

            await SendAsync(daemon, "Arm", ArmAsync(Leased()));
            await SendAsync(daemon, "Program", ProgramAsync(Leased(), 0.5f));
            await SendAsync(daemon, "UpdateSettings", UpdateAsync(Leased(), 3));
            await SendAsync(daemon, "UpdateSettings", UpdateAsync(Leased(), 4));
            await SendAsync(daemon, "Rollback", RollbackAsync(Leased()));
            if (bench == Simulated)
            {
                Calibration = ((Operation)await SendAsync(daemon, "Calibrate", CalibrateAsync(NewMutation()))).Name;
            }

            await SendAsync(daemon, "ImportModel", ImportAsync(NewMutation()));
            await SendAsync(daemon, "Program", ProgramAsync(Leased(), 0.25f));
            await SendAsync(daemon, "UpdateSettings", UpdateAsync(Leased(), 5));
        }
        catch (RpcException gone) when (gone.StatusCode == StatusCode.Unavailable)
        {
            // Nobody knows whether the last one arrived.
        }
    }

    /// <summary>Drives the device of the lease through all its changes; returns the K that it reads back.</summary>
    public async Task<int> DriveAsync(CallInvoker daemon, int repeats)
    {
        await ArmAsync(Leased())(daemon);
        await ProgramAsync(Leased(), 0.75f)(daemon);
        await UpdateAsync(Leased(), repeats)(daemon);
        Settings read = (await new DeviceService.DeviceServiceClient(daemon).GetSettingsAsync(new GetSettingsRequest { Bench = bench })).Settings;
        return read.Blocks[0].Repeats.Single();
    }

    /// <summary>Sends a request again, as it was; the reason when it is refused.</summary>
    public static async Task<(IMessage? Reply, ErrorReason Reason)> AgainAsync(CallInvoker daemon, Sent sent)
    {
        try
        {
            return (await sent.Send(daemon), ErrorReason.Unspecified);
        }
        catch (RpcException refused)
        {
            return (null, ErrorStatus.ReasonOf(refused.GetRpcStatus()!));
        }
    }

    private async Task<IMessage> SendAsync(CallInvoker daemon, string what, Func<CallInvoker, Task<IMessage>> send)
    {
        var sent = new Sent(what, send);
        _sent.Add(sent);
        IMessage reply = await send(daemon);
        sent.Reply = reply.ToByteArray();
        return reply;
    }

    private static Mutation NewMutation() => new() { RequestId = Guid.NewGuid().ToString("D") };

    private Mutation Leased() => new() { RequestId = Guid.NewGuid().ToString("D"), Lease = Lease!.Name, Epoch = Lease.Epoch };

    private Func<CallInvoker, Task<IMessage>> AcquireAsync(Mutation mutation) => async daemon =>
        await new LeaseService.LeaseServiceClient(daemon).AcquireAsync(
            new AcquireRequest { Bench = bench, Mutation = mutation, Ttl = Duration.FromTimeSpan(TimeSpan.FromHours(1)) });

    private Func<CallInvoker, Task<IMessage>> RunAsync(Mutation mutation) => async daemon =>
        await new CampaignService.CampaignServiceClient(daemon).RunAsync(new RunRequest
        {
            Bench = OtherBench,
            Model = Path.Combine(inputs, "net.onnx"),
            Data = inputs,
            MaxDropPoints = 16,
            MaxImages = 250,
            SigmaHalfWidthPercent = 5,
            OutputDirectory = Path.Combine(directory, $"record-{round}"),
            Mutation = mutation,
        });

    private Func<CallInvoker, Task<IMessage>> ArmAsync(Mutation mutation) => async daemon =>
        await new DeviceService.DeviceServiceClient(daemon).ArmAsync(new ArmRequest { Bench = bench, Mutation = mutation });

    private Func<CallInvoker, Task<IMessage>> ProgramAsync(Mutation mutation, float weight) => async daemon =>
    {
        using AsyncClientStreamingCall<ProgramRequest, ProgramResponse> call = new DeviceService.DeviceServiceClient(daemon).Program();
        await call.RequestStream.WriteAsync(new ProgramRequest { Start = new ProgramStart { Bench = bench, Mutation = mutation } });
        await call.RequestStream.WriteAsync(new ProgramRequest
        {
            Block = new BlockPart { Block = 0, Rows = 2, Columns = 1, Places = { new CellPlace() }, Weights = { weight, -weight } },
        });
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    };

    private Func<CallInvoker, Task<IMessage>> UpdateAsync(Mutation mutation, int repeats) => async daemon =>
        await new DeviceService.DeviceServiceClient(daemon).UpdateSettingsAsync(new UpdateSettingsRequest
        {
            Bench = bench,
            Mutation = mutation,
            Settings = new Settings { Blocks = { [0] = new BlockSettings { Mode = RepeatMode.ReadAndAverage, Repeats = { repeats } } } },
        });

    private Func<CallInvoker, Task<IMessage>> RollbackAsync(Mutation mutation) => async daemon =>
        await new DeploymentService.DeploymentServiceClient(daemon).RollbackAsync(new RollbackRequest { Bench = bench, Mutation = mutation });

    private Func<CallInvoker, Task<IMessage>> CalibrateAsync(Mutation mutation) => async daemon =>
        await new CalibrationService.CalibrationServiceClient(daemon).CalibrateAsync(
            new CalibrateRequest { Bench = "broadcast-and-weight", Mutation = mutation, OutputDirectory = Path.Combine(directory, $"calibration-{round}") });

    private Func<CallInvoker, Task<IMessage>> ImportAsync(Mutation mutation)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(inputs, "net.onnx"));
        return async daemon =>
        {
            using AsyncClientStreamingCall<ImportModelRequest, ImportModelResponse> call = new ModelService.ModelServiceClient(daemon).ImportModel();
            await call.RequestStream.WriteAsync(
                new ImportModelRequest { Start = new ImportStart { Mutation = mutation, DisplayName = "pooled", SizeBytes = file.Length } });
            await call.RequestStream.WriteAsync(new ImportModelRequest { Chunk = ByteString.CopyFrom(file) });
            await call.RequestStream.WriteAsync(new ImportModelRequest { End = new ImportEnd { Sha256 = Convert.ToHexStringLower(SHA256.HashData(file)) } });
            await call.RequestStream.CompleteAsync();
            return await call.ResponseAsync;
        };
    }
}
