using AnalogHil.Cli;
using AnalogHil.Cli.Commands;
using AnalogHil.Daemon.Errors;
using AnalogHil.Rpc.Errors;
using AnalogHil.Rpc.Server;
using AnalogHil.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AnalogHil.Functional.Tests.Commands;

/// <summary>What `hil` does about each retry class of the contract, against a server that answers as the test wants.</summary>
public sealed class RetryTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("analoghil-test-");
    private readonly Answers _answers = new();
    private WebApplication _server = null!;

    private string Socket => Path.Combine(_directory.FullName, "hil.sock");

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddRpc();
        builder.Services.AddSingleton(_answers);
        builder.Services.AddSingleton<Leases>();
        builder.Services.AddSingleton<Devices>();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenRpcUnixSocket(Socket));
        _server = builder.Build();
        _server.MapRpcService<Leases>();
        _server.MapRpcService<Devices>();
        await _server.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData(ErrorReason.DeviceUnavailable)]
    [InlineData(ErrorReason.QueueFull)]
    public async Task Later_CertainlyNotExecuted_IsAskedAgainWithTheSameRequestIdAfterThePause(ErrorReason reason)
    {
        _answers.Refuse(reason, reason);
        var time = new HurriedTime();

        Assert.Equal((0, "leases/7"), await HilAsync(time, "lease", "acquire", "crossbar", "--wait", "60"));

        Assert.Equal(3, _answers.RequestIds.Count);
        Assert.Single(_answers.RequestIds.Distinct());
        Assert.True(time.Waited >= 2 * RetryClasses.PauseOf(reason)!.Value, $"waited {time.Waited} in all");
    }

    [Fact]
    public async Task Later_ThatNeverEnds_GivesUpAfterFourCalls()
    {
        _answers.Refuse([.. Enumerable.Repeat(ErrorReason.QueueFull, 9)]);

        Assert.Equal(69, (await HilAsync(new HurriedTime(), "lease", "acquire", "crossbar", "--wait", "60")).Code);

        Assert.Equal(4, _answers.RequestIds.Count);
    }

    [Fact]
    public async Task FailedOnItsWay_WithARequestId_IsAskedAgainWithTheSameOne()
    {
        _answers.Refuse(ErrorReason.Unspecified);

        Assert.Equal((0, "leases/7"), await HilAsync(new HurriedTime(), "lease", "acquire", "crossbar", "--wait", "60"));

        Assert.Equal(2, _answers.RequestIds.Count);
        Assert.Single(_answers.RequestIds.Distinct());
    }

    [Theory]
    [InlineData(ErrorReason.LeaseHeld, 77)]
    [InlineData(ErrorReason.RequestInvalid, 64)]
    [InlineData(ErrorReason.NotFound, 65)]
    [InlineData(ErrorReason.DeviceFault, 76)]
    [InlineData(ErrorReason.Internal, 70)]
    [InlineData(ErrorReason.Stale, 75)]
    [InlineData(ErrorReason.Interrupted, 75)]
    [InlineData(ErrorReason.Fenced, 77)]
    [InlineData(ErrorReason.OutcomeUnknown, 76)]
    public async Task NeverOrAfterSomethingElse_IsAskedOnce(ErrorReason reason, int code)
    {
        _answers.Refuse(reason);

        Assert.Equal(code, (await HilAsync(new HurriedTime(), "lease", "acquire", "crossbar", "--wait", "60")).Code);

        Assert.Single(_answers.RequestIds);
    }

    [Theory]
    [InlineData(Answers.NewHash, 0)]
    [InlineData(Answers.OldHash, 69)]
    public async Task AfterReconciling_ACommitOfUnknownOutcome_IsSettledByReadingTheDeviceBack(string inForce, int code)
    {
        _answers.Refuse(ErrorReason.OutcomeUnknown);
        _answers.InForce = inForce;

        (int ended, string output) = await HilAsync(new HurriedTime(), "device", "settings", "crossbar", "--block", "0=4", "--json");

        Assert.Equal(code, ended);
        Assert.Equal(["update (only checked)", "update", "get"], _answers.Calls);
        Assert.Equal(code == 0, output.Contains(Answers.NewHash, StringComparison.Ordinal));
    }

    [Fact]
    public void Reasons_OfTheContract_AreAllInOneClass()
    {
        ILookup<RetryClass, ErrorReason> classes = Enum.GetValues<ErrorReason>().ToLookup(RetryClasses.Of);

        Assert.Equal(new HashSet<ErrorReason> { ErrorReason.DeviceUnavailable, ErrorReason.QueueFull }, classes[RetryClass.Later].ToHashSet());
        Assert.Equal([ErrorReason.OutcomeUnknown], classes[RetryClass.AfterReconciling]);
        Assert.All(classes[RetryClass.Never].Concat(classes[RetryClass.AfterReading]), reason => Assert.Null(RetryClasses.PauseOf(reason)));
    }

    private async Task<(int Code, string Output)> HilAsync(TimeProvider time, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(output, error, IsInteractive: false, _directory.FullName, AppContext.BaseDirectory, time);
        int code = await HilCommand.InvokeAsync([.. arguments, "--server", Socket], terminal);
        return (code, output.ToString().Trim());
    }

    /// <summary>What the server is to answer, and what it was asked.</summary>
    internal sealed class Answers
    {
        public const string OldHash = "old settings";
        public const string NewHash = "new settings";

        private readonly Queue<ErrorReason> _refusals = new();

        public string InForce { get; set; } = OldHash;

        public List<string> RequestIds { get; } = [];

        public List<string> Calls { get; } = [];

        public void Refuse(params ErrorReason[] reasons) => Array.ForEach(reasons, _refusals.Enqueue);

        public void Take(Mutation mutation)
        {
            RequestIds.Add(mutation.RequestId);
            if (_refusals.TryDequeue(out ErrorReason reason))
            {
                throw reason == ErrorReason.Unspecified
                    ? new RpcException(new Status(StatusCode.Unavailable, "the way was cut"))
                    : ErrorStatus.Of(new CampaignException(reason, "as the test wants")).ToRpcException();
            }
        }
    }

    internal sealed class Leases(Answers answers) : LeaseService.LeaseServiceBase
    {
        public override Task<AcquireResponse> Acquire(AcquireRequest request, ServerCallContext context)
        {
            answers.Take(request.Mutation);
            return Task.FromResult(new AcquireResponse { Lease = new Lease { Name = "leases/7", Epoch = 7 } });
        }
    }

    internal sealed class Devices(Answers answers) : DeviceService.DeviceServiceBase
    {
        public override Task<UpdateSettingsResponse> UpdateSettings(UpdateSettingsRequest request, ServerCallContext context)
        {
            answers.Calls.Add(request.ValidateOnly ? "update (only checked)" : "update");
            if (!request.ValidateOnly)
            {
                answers.Take(request.Mutation);
            }

            return Task.FromResult(new UpdateSettingsResponse { Settings = new Settings { Etag = Answers.NewHash } });
        }

        public override Task<GetSettingsResponse> GetSettings(GetSettingsRequest request, ServerCallContext context)
        {
            answers.Calls.Add("get");
            return Task.FromResult(new GetSettingsResponse { Settings = new Settings { Etag = answers.InForce } });
        }
    }

    /// <summary>A clock whose pauses between calls are over soon; deadlines of calls are longer, and run.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(12);
        private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

        public TimeSpan Waited { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            bool pause = dueTime > TimeSpan.Zero && dueTime <= LongestPause;
            Waited += pause ? dueTime : TimeSpan.Zero;
            return base.CreateTimer(callback, state, pause ? Soon : dueTime, period);
        }
    }
}
