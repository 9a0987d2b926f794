using AnalogHil.Benchmarks.Peer;
using AnalogHil.Benchmarks.Reporting;
using AnalogHil.Benchmarks.Roofline;
using BenchmarkDotNet.Running;

switch (args)
{
    case ["serve"]:
        using (Stream output = Console.OpenStandardOutput())
        {
            new NetworkServer(Console.In, output).Run();
        }

        break;
    case ["roofline", var folder, .. var models]:
        RooflineReport.Write(folder, models);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, new ShortConfig());
        break;
}
