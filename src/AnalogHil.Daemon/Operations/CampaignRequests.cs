using AnalogHil.Daemon.Campaign.Inputs;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Operations;

/// <summary>Requests of campaigns as messages that stand for themselves: absolute paths, nothing left out.</summary>
internal static class CampaignRequests
{
    /// <summary>The message.</summary>
    /// <param name="request">The request.</param>
    /// <param name="asked">As it came, for what the request does not hold.</param>
    public static RunRequest ToMessage(CampaignRequest request, RunRequest asked)
    {
        var message = new RunRequest
        {
            Bench = request.BenchFile,
            Model = request.ModelFile,
            Data = request.DataDirectory,
            MaxDropPoints = request.MaxDropPoints,
            Seed = request.Seed,
            OutputDirectory = request.OutputDirectory,
            SigmaHalfWidthPercent = request.SigmaHalfWidthPercent,
            Corrected = request.Corrected,
            ResumeAfterRestart = asked.ResumeAfterRestart,
            Mutation = asked.Mutation?.Clone(),
        };
        if (request.MaxImages > 0)
        {
            message.MaxImages = request.MaxImages;
        }

        return message;
    }

    /// <summary>The request of such a message.</summary>
    public static CampaignRequest Of(RunRequest message) => new(
        message.Bench, message.Model, message.Data, message.MaxDropPoints, message.Seed, message.OutputDirectory,
        Resume: false, message.MaxImages, message.SigmaHalfWidthPercent)
    {
        Corrected = message.Corrected,
    };
}
