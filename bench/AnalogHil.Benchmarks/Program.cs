using AnalogHil.Benchmarks.Peer;
using AnalogHil.Benchmarks.Reporting;
using BenchmarkDotNet.Running;

switch (args)
{
    case ["serve"]:
        using (Stream output = Console.OpenStandardOutput())
        {
            new NetworkServer(Console.In, output).Run();
        }

        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, new ShortConfig());
        break;
}
