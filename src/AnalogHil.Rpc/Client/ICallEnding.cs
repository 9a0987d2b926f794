namespace AnalogHil.Rpc.Client;

/// <summary>The end of a call, as its request stream sees it.</summary>
internal interface ICallEnding
{
    /// <summary>Cancels the call.</summary>
    void Cancel();

    /// <summary>The error to show for a write that failed: how the call ended, if that becomes known soon, or else the failure itself.</summary>
    /// <param name="failure">What the write threw.</param>
    Task<Exception> WhyAsync(Exception failure);
}
