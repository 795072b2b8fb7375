namespace Polls.Api.Backplane;

/// <summary>The backplane of a single instance, where no message can be lost on the way.</summary>
internal sealed class InProcessBackplane : IBackplane
{
    public event Action? MessagesMayBeMissing
    {
        add { }
        remove { }
    }

    public bool CanSend => true;

    public BackplaneState State => BackplaneState.InProcess;
}
