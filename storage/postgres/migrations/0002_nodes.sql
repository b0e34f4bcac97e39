-- Which node does what only one should, and until when by this server's clock.
CREATE TABLE leaders (
  name    TEXT COLLATE "C" PRIMARY KEY,
  node    TEXT COLLATE "C" NOT NULL,
  expires BIGINT NOT NULL
);
