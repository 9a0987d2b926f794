using System.Diagnostics;
using AnalogHil.Rpc.Tests.Foreign;

namespace AnalogHil.Rpc.Tests.Interop;

/// <summary>Another implementation of gRPC: how to start its client and its server.</summary>
internal sealed record InteropPeer(string Command, string Folder, string Client, string Server)
{
    private static readonly Lazy<Task<(InteropPeer? Peer, string Why)>> Node = new(PrepareNodeAsync);

    /// <summary>The peer of that name; null: it cannot run here, with the reason.</summary>
    public static Task<(InteropPeer? Peer, string Why)> FindAsync(string name) => name == "grpc-js" ? Node.Value : FindGrpcioAsync();

    public Process Start(string script, params string[] arguments) => Process.Start(
        new ProcessStartInfo(Command, [Path.Combine(Folder, script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static async Task<(InteropPeer? Peer, string Why)> FindGrpcioAsync() => await GrpcioProcess.IsInstalledAsync()
        ? (new InteropPeer("/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Interop"), "interop_client.py", "interop_server.py"), "")
        : (null, GrpcioProcess.NotRun);

    // The modules lie beside the scripts in the build's output, which git ignores, and stay there for later runs.
    private static async Task<(InteropPeer? Peer, string Why)> PrepareNodeAsync()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Interop", "node");
        var peer = new InteropPeer("node", folder, "client.js", "server.js");
        if (Directory.Exists(Path.Combine(folder, "node_modules", "@grpc", "grpc-js")))
        {
            return (peer, "");
        }

        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline", "--silent"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
            try
            {
                Task<string> stdout = npm.StandardOutput.ReadToEndAsync(limit.Token);
                string said = await npm.StandardError.ReadToEndAsync(limit.Token) + await stdout;
                await npm.WaitForExitAsync(limit.Token);
                return npm.ExitCode == 0 ? (peer, "") : (null, $"not run: npm could not install @grpc/grpc-js (exit code {npm.ExitCode}): {said}");
            }
            catch (OperationCanceledException)
            {
                npm.Kill(entireProcessTree: true);
                return (null, "not run: npm did not install @grpc/grpc-js within 120 s; is the network there?");
            }
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (null, $"not run: npm cannot start ({e.Message}); install node and npm");
        }
    }
}
