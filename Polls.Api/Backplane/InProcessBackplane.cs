namespace Polls.Api.Backplane;

/// <summary>The backplane of a single instance. It loses no messages.</summary>
internal sealed class InProcessBackplane : IBackplane
{
    public event Action? MessagesMayBeMissing
    {
        add { }
        remove { }
    }

    public bool CanSend => true;

    public BackplaneState State => BackplaneState.InProcess;

    /// <inheritdoc />
    public string? LastError => null;
}
