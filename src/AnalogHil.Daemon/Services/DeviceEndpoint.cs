using AnalogHil.Daemon.Benches;
using AnalogHil.Daemon.Errors;
using AnalogHil.Daemon.Journaling;
using AnalogHil.Daemon.Sessions;
using AnalogHil.Devices.Contract;
using AnalogHil.Rpc.Errors;
using AnalogHil.V1;
using Grpc.Core;
using ExecuteRequest = AnalogHil.V1.ExecuteRequest;

namespace AnalogHil.Daemon.Services;

/// <summary>analoghil.v1.DeviceService.</summary>
internal sealed class DeviceEndpoint(
    BenchDirectory directory, DeviceSessions sessions, DeviceCatalog catalog, SafeState safeState, DeviceJournal journal) : DeviceService.DeviceServiceBase
{
    private const int MostBatches = 1024;

    /// <summary>Room in a reply of 4 MiB for the outputs, each a float of 4 bytes; the rest is for what surrounds them.</summary>
    private const long MostOutputs = 1_000_000;

    /// <inheritdoc/>
    public override Task<EnterSafeStateResponse> EnterSafeState(EnterSafeStateRequest request, ServerCallContext context) =>
        Reply.FromAsync(request.Bench, async () =>
        {
            // Not stopped by the client's going: what was begun is brought to its end.
            IReadOnlyList<string> paths = await safeState.EnterAsync(
                request.Bench.Length == 0 ? null : directory.Locate(request.Bench), request.Reason).ConfigureAwait(false);
            return new EnterSafeStateResponse { Devices = { paths.Select(catalog.Describe).OfType<Device>() } };
        });

    /// <inheritdoc/>
    public override Task<ClearFaultResponse> ClearFault(ClearFaultRequest request, ServerCallContext context) => Reply.FromAsync(request.Bench, async () =>
    {
        string path = directory.Locate(request.Bench);
        DeviceSession session = sessions.Require(path);
        await session.Device.StopAsync("its fault is being cleared").ConfigureAwait(false);
        await session.Device.IdentifyAsync(context.CancellationToken).ConfigureAwait(false);
        await session.Device.ClearFaultAsync(CallOrigin.EpochOf(context), context.CancellationToken).ConfigureAwait(false);
        DeviceTelemetry telemetry = await session.Device.ReadTelemetryAsync(context.CancellationToken).ConfigureAwait(false);
        return telemetry.State == DeviceState.Safe
            ? new ClearFaultResponse { Device = Described(path) }
            : throw new CampaignException(
                ErrorReason.NotArmed,
                $"bench {request.Bench}: the fault stays, the device reports {telemetry.State}; switch it off and on, and look at its log");
    });

    /// <inheritdoc/>
    public override Task<ArmResponse> Arm(ArmRequest request, ServerCallContext context) => Reply.FromAsync(request.Bench, async () =>
    {
        string path = directory.Locate(request.Bench);
        var arming = new DeviceArming(sessions, path, CallOrigin.EpochOf(context), CallOrigin.LeaseEndOf(context));
        await arming.RunAsync(context.CancellationToken).ConfigureAwait(false);
        return new ArmResponse { Device = Described(path) };
    });

    /// <inheritdoc/>
    public override Task<DisarmResponse> Disarm(DisarmRequest request, ServerCallContext context) => Reply.FromAsync(request.Bench, async () =>
    {
        string path = directory.Locate(request.Bench);
        await sessions.CloseAsync(path).ConfigureAwait(false);
        return new DisarmResponse { Device = Described(path) };
    });

    /// <inheritdoc/>
    public override async Task<ProgramResponse> Program(IAsyncStreamReader<ProgramRequest> requestStream, ServerCallContext context)
    {
        ProgramStart start = await StartAsync(requestStream, message => message.Start, context).ConfigureAwait(false);
        return await Reply.FromAsync(start.Bench, async () =>
        {
            string path = directory.Locate(start.Bench);
            DeviceSession session = sessions.Require(path);
            var reader = new ProgramReader(session.Device.Capabilities);
            while (await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false))
            {
                reader.Add(requestStream.Current.Block ?? throw new CampaignException(
                    ErrorReason.RequestInvalid, "start: came a second time; send it once, before all blocks"));
            }

            IReadOnlyList<BlockProgram> blocks = reader.End();
            return await session.InTurnAsync(async () =>
            {
                session.Device.RequireArmed();
                await journal.SettleAsync(session.Path).ConfigureAwait(false);
                session.Forget();
                ProgramResponse? reply = null;
                DeviceChange change = DeviceChange.Of(
                    session,
                    CallOrigin.ActorOf(context),
                    active => reply = new ProgramResponse { Device = Described(path), Blocks = blocks.Count, Etag = active });
                await journal.ProgramAsync(change, blocks).ConfigureAwait(false);
                session.Programmed(blocks);
                return reply!;
            }, context.CancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task<GetSettingsResponse> GetSettings(GetSettingsRequest request, ServerCallContext context) => Reply.FromAsync(request.Bench, async () =>
    {
        DeviceSession session = sessions.Require(directory.Locate(request.Bench));
        RedundancySettings settings = await session.Device.ReadBackAsync(
            request.Staged ? SettingsBank.Staged : SettingsBank.Active, context.CancellationToken).ConfigureAwait(false);
        return new GetSettingsResponse { Settings = settings.ToMessage() };
    });

    /// <inheritdoc/>
    public override Task<UpdateSettingsResponse> UpdateSettings(UpdateSettingsRequest request, ServerCallContext context) =>
        Reply.FromAsync(request.Bench, async () =>
        {
            DeviceSession session = sessions.Require(directory.Locate(request.Bench));
            return await session.InTurnAsync(async () =>
            {
                await journal.SettleAsync(session.Path).ConfigureAwait(false);
                RedundancySettings inForce = await session.Device.ReadBackAsync(SettingsBank.Active, context.CancellationToken).ConfigureAwait(false);
                string etag = inForce.Hash();
                if (request.Etag.Length > 0 && request.Etag != etag)
                {
                    throw new CampaignException(
                        ErrorReason.Stale,
                        $"bench {request.Bench}: settings {etag} are in force, the change was thought for {request.Etag}; read the settings again and "
                            + "decide anew");
                }

                RedundancySettings wanted = SettingsMerge.Apply(inForce, request, session.Device.Capabilities, session.Blocks);
                var reply = new UpdateSettingsResponse { Settings = wanted.ToMessage() };
                if (!request.ValidateOnly)
                {
                    // What is read back has the hash of what is wanted, or the commit fails.
                    await SettingsChange.StageAsync(session, wanted, context.CancellationToken).ConfigureAwait(false);
                    await SettingsChange.CommitAsync(session, wanted.Hash(), CallOrigin.ActorOf(context), journal, _ => reply).ConfigureAwait(false);
                }

                return reply;
            }, context.CancellationToken).ConfigureAwait(false);
        });

    /// <inheritdoc/>
    public override Task<ExecuteResponse> Execute(ExecuteRequest request, ServerCallContext context) => Reply.FromAsync(request.Bench, async () =>
    {
        DeviceSession session = sessions.Require(directory.Locate(request.Bench));
        var checks = new FieldChecks();
        checks.Require(request.Batches.Count is >= 1 and <= MostBatches, "batches", $"has {request.Batches.Count} entries, allowed are 1 to {MostBatches}");
        long outputs = request.Batches.Select((batch, i) => BatchRunner.Check(session, batch, $"batches[{i}]", checks)).Sum();
        checks.Require(outputs <= MostOutputs, "batches", $"would give {outputs} outputs, {MostOutputs} fit into one reply; send fewer, or stream them");
        checks.ThrowIfAny();
        var response = new ExecuteResponse();
        foreach (Batch batch in request.Batches)
        {
            response.Results.Add(await BatchRunner.RunAsync(session, batch, context.CancellationToken).ConfigureAwait(false));
        }

        return response;
    });

    /// <inheritdoc/>
    public override async Task StreamExecute(
        IAsyncStreamReader<StreamExecuteRequest> requestStream, IServerStreamWriter<StreamExecuteResponse> responseStream, ServerCallContext context)
    {
        StreamExecuteStart start = await StartAsync(requestStream, message => message.Start, context).ConfigureAwait(false);
        DeviceSession session = await Reply.From(() => sessions.Require(directory.Locate(start.Bench))).ConfigureAwait(false);
        for (long number = 1; await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false); number++)
        {
            var response = new StreamExecuteResponse { Number = number };
            try
            {
                Batch batch = requestStream.Current.Batch ?? throw new CampaignException(
                    ErrorReason.RequestInvalid,
                    "batch: is missing; after the start every message is a batch");
                var checks = new FieldChecks();
                long outputs = BatchRunner.Check(session, batch, "batch", checks);
                checks.Require(outputs <= MostOutputs, "batch", $"would give {outputs} outputs, {MostOutputs} fit into one reply; send fewer vectors");
                checks.ThrowIfAny();
                response.Result = await BatchRunner.RunAsync(session, batch, context.CancellationToken).ConfigureAwait(false);
            }
            catch (CampaignException refused) when (refused.Reason is ErrorReason.RequestInvalid)
            {
                response.Error = ErrorStatus.Of(refused);
            }
            catch (Exception failure) when (Reply.Explain(failure, start.Bench) is { } refused)
            {
                throw refused;
            }

            await responseStream.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<T> StartAsync<TMessage, T>(IAsyncStreamReader<TMessage> stream, Func<TMessage, T?> startOf, ServerCallContext context)
        where T : class =>
        await stream.MoveNext(context.CancellationToken).ConfigureAwait(false) && startOf(stream.Current) is { } start
            ? start
            : throw ErrorStatus.Of(new CampaignException(
                ErrorReason.RequestInvalid,
                "start: is missing; it must be the first message of the stream")).ToRpcException();

    private Device Described(string path) =>
        catalog.Describe(path) ?? throw new CampaignException(
            ErrorReason.BenchInvalid, $"{path} has errors, so it describes no device; see them with hil bench check {path}");
}
