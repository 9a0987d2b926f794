using AnalogHil.Cli.Commands;
using AnalogHil.V1;

namespace AnalogHil.Cli.Tests.Commands;

public sealed class RunSessionTests : IDisposable
{
    private static readonly RunOptions Nothing = new(null, null, null, null, null, null, null, null, false, null, null);

    private readonly FakeTerminal _terminal = new();

    [Fact]
    public void BuildRequest_NothingGiven_TakesWhatComesWithTheProgram()
    {
        string bench = FakeTerminal.Touch(_terminal.Program, "config/benches/crossbar.json");
        string model = FakeTerminal.Touch(_terminal.Program, "models/fashion-resnet.onnx");
        FakeTerminal.Touch(_terminal.Program, "data/fashion-mnist/LICENSE");

        RunRequest request = new RunSession(_terminal.Terminal).BuildRequest(Nothing);

        Assert.Equal(bench, request.Bench);
        Assert.Equal(model, request.Model);
        Assert.Equal(Path.Combine(_terminal.Program, "data/fashion-mnist"), request.Data);
        Assert.Equal(Path.Combine(_terminal.Current, "runs/20260301T123005Z-crossbar"), request.OutputDirectory);
        Assert.False(request.HasSeed);
        Assert.False(request.HasMaxDropPoints);
    }

    [Fact]
    public void BuildRequest_FileInTheCurrentDirectory_ComesBeforeTheProgramsOwn()
    {
        FakeTerminal.Touch(_terminal.Program, "config/benches/crossbar.json");
        FakeTerminal.Touch(_terminal.Program, "models/a.onnx");
        FakeTerminal.Touch(_terminal.Program, "data/set/x");
        string mine = FakeTerminal.Touch(_terminal.Current, "models/a.onnx");

        RunRequest request = new RunSession(_terminal.Terminal).BuildRequest(
            Nothing with { Model = "models/a.onnx", Data = "set", Output = "out", Seed = 0, MaxDropPoints = 1.5, SigmaHalfWidthPercent = 2, Wait = true });

        Assert.Equal(mine, request.Model);
        Assert.Equal(Path.Combine(_terminal.Program, "data/set"), request.Data);
        Assert.Equal(Path.Combine(_terminal.Current, "out"), request.OutputDirectory);
        Assert.True(request.HasSeed);
        Assert.Equal(1.5, request.MaxDropPoints);
        Assert.Equal(2, request.SigmaHalfWidthPercent);
        Assert.True(request.WaitForBench);
    }

    [Fact]
    public void BuildRequest_Resume_LeavesTheRestToTheRecord()
    {
        RunRequest request = new RunSession(_terminal.Terminal).BuildRequest(Nothing with { Resume = "out" });

        Assert.True(request.Resume);
        Assert.Equal(Path.Combine(_terminal.Current, "out"), request.OutputDirectory);
        Assert.Empty(request.Bench + request.Model + request.Data);
    }

    public void Dispose() => _terminal.Dispose();
}
