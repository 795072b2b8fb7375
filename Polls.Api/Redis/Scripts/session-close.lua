-- Ends a session that still belongs to the connection.
--
-- KEYS[1]  the session
-- ARGV[1]  connection id
-- Returns 1 when it was ended, 0 when it is another connection's or there is none.
if redis.call('HGET', KEYS[1], 'conn') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
