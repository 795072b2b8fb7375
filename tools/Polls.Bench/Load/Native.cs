using System.Runtime.InteropServices;

namespace Polls.Bench.Load;

/// <summary>The system calls of the load client: one thread with epoll costs a fraction of managed sockets.</summary>
internal static unsafe partial class Native
{
    public const int Readable = 0x001;
    public const int Writable = 0x004;
    public const int WouldBlock = 11;
    public const int InProgress = 115;

    private const int StreamNonBlocking = 1 | 0x800 | 0x80000;
    private const int Add = 1;
    private const int Modify = 3;
    private const int TcpLevel = 6;
    private const int NoDelay = 1;
    private const int IpLevel = 0;
    private const int BindAddressNoPort = 24;
    private const int SocketLevel = 1;
    private const int SocketError = 4;
    private const int NoSignal = 0x4000;

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    public struct Event
    {
        public uint Events;
        public int Index;
        private readonly int high;
    }

    public static int Poll() => Check(epoll_create1(0x80000), "epoll_create1");

    /// <summary>Waits for events and returns their number; 0 after the time-out.</summary>
    public static int Wait(int poll, Span<Event> events, int milliseconds)
    {
        fixed (Event* first = events)
        {
            return Math.Max(0, epoll_wait(poll, first, events.Length, milliseconds));
        }
    }

    public static void Watch(int poll, int socket, int index, int events, bool known)
    {
        var wanted = new Event { Events = (uint)events, Index = index };
        Check(epoll_ctl(poll, known ? Modify : Add, socket, &wanted), "epoll_ctl");
    }

    /// <summary>
    /// Starts to connect to a loopback port from a loopback address in network byte order; returns the socket, or -1.
    /// </summary>
    public static int Connect(uint from, int port)
    {
        var socket = Check(Native.socket(2, StreamNonBlocking, 0), "socket");
        var one = 1;
        _ = setsockopt(socket, TcpLevel, NoDelay, &one, sizeof(int));
        _ = setsockopt(socket, IpLevel, BindAddressNoPort, &one, sizeof(int));
        var own = Address(from, 0);
        Check(bind(socket, &own, sizeof(SocketAddress)), "bind");
        var there = Address(0x0100007F, port);
        if (connect(socket, &there, sizeof(SocketAddress)) != 0 && Marshal.GetLastPInvokeError() != InProgress)
        {
            Close(socket);
            return -1;
        }

        return socket;
    }

    /// <summary>The error number of a failed connect; 0 after success.</summary>
    public static int Error(int socket)
    {
        int error = 0, size = sizeof(int);
        return getsockopt(socket, SocketLevel, SocketError, &error, &size) == 0 ? error : -1;
    }

    /// <summary>Returns the number of bytes read; 0 at the end; the negated error number after an error.</summary>
    public static int Receive(int socket, Span<byte> to)
    {
        fixed (byte* first = to)
        {
            var count = (int)recv(socket, first, (nuint)to.Length, 0);
            return count >= 0 ? count : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Returns the number of bytes sent; the negated error number after an error.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            var count = (int)send(socket, first, (nuint)bytes.Length, NoSignal);
            return count >= 0 ? count : -Marshal.GetLastPInvokeError();
        }
    }

    public static void Close(int socket) => _ = close(socket);

    private static SocketAddress Address(uint address, int port) =>
        new() { Family = 2, Port = (ushort)((port >> 8) | (port << 8)), Address = address };

    private static int Check(int result, string call) => result >= 0
        ? result
        : throw new InvalidOperationException($"{call}: {Marshal.GetLastPInvokeErrorMessage()}");

    [StructLayout(LayoutKind.Sequential)]
    private struct SocketAddress
    {
        public ushort Family;
        public ushort Port;
        public uint Address;
        private readonly ulong zero;
    }

#pragma warning disable IDE1006 // The names of the system calls.
    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int epoll_ctl(int poll, int operation, int socket, Event* wanted);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int epoll_wait(int poll, Event* events, int most, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int bind(int socket, SocketAddress* address, int size);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int connect(int socket, SocketAddress* address, int size);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int setsockopt(int socket, int level, int name, int* value, int size);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int getsockopt(int socket, int level, int name, int* value, int* size);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint recv(int socket, byte* to, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint send(int socket, byte* from, nuint size, int flags);

    [LibraryImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int close(int socket);
#pragma warning restore IDE1006
}
