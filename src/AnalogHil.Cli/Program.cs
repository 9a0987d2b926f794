using AnalogHil.Cli;
using AnalogHil.Cli.Commands;

return await HilCommand.InvokeAsync(args, Terminal.OfProcess());
